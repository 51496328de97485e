"""What a template of a service pack may name, and the values of one receipt. Pure.

    nomor layanan kode instansi dibuat jam batas anjungan bahasa
    isian.NAME         what was answered; secrets masked, choices as their labels
    syarat[].nama      the papers of this citizen        biaya[].nama, biaya[].rupiah

Dates are YYYY-MM-DD, for the filter tanggal; `batas` is "" when no limit is known.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from wire.service import days, form, template, values
from wire.service.days import Date
from wire.service.document import Field, Service
from wire.service.expression import Answers, Value
from wire.service.template import Datum, TemplateError

NAMES: Final = frozenset(
    ("nomor", "layanan", "kode", "instansi", "dibuat", "jam", "batas", "anjungan", "bahasa",
     "syarat", "biaya")
)  # fmt: skip


class Circumstances(NamedTuple):
    """When and where something was handed in. Moments in Unix milliseconds, `due` 0: no limit."""

    number: str
    made_at: int
    due: int
    offset_min: int
    agency: str
    kiosk: str
    language: str
    villages: Mapping[str, str] = {}  # names by code


def names(service: Service) -> frozenset[str]:
    """All paths that a template of this pack may name."""
    return NAMES | {f"isian.{field.name}" for field in service.fields}


def data(service: Service, answers: Answers, now: Circumstances) -> dict[str, Datum]:
    """For template.render."""
    today = days.from_millis(now.made_at, now.offset_min)
    language = now.language
    return {
        "nomor": now.number,
        "layanan": service.name.of(language),
        "kode": service.code,
        "instansi": now.agency,
        "dibuat": days.iso(today),
        "jam": days.clock(now.made_at, now.offset_min),
        "batas": days.iso(days.from_millis(now.due, now.offset_min)) if now.due else "",
        "anjungan": now.kiosk,
        "bahasa": language,
        "isian": _answers(service, form.kept(service, answers, today), now),
        "syarat": [
            {"nama": each.name.of(language)} for each in form.requirements(service, answers, today)
        ],
        "biaya": _fees(service, answers, today, language),
    }


def receipt(service: Service, answers: Answers, now: Circumstances, *, sheet: bool) -> str:
    """What the pack itself wants on paper, "" when it leaves that to the portal.

    `sheet`: the printer holds A4 or the like, for which a pack may have written more than for a
    roll of 80 mm. A template that cannot be printed is none: a citizen gets the usual receipt.
    """
    wanted = (service.receipt.page if sheet else "") or service.receipt.thermal
    today = days.from_millis(now.made_at, now.offset_min)
    try:
        return template.render(wanted, data(service, answers, now), today).strip()
    except TemplateError:
        return ""


def shown(field: Field, value: Value, language: str, villages: Mapping[str, str]) -> Datum:
    """An answer as people read it; a secret one masked."""
    if field.secret:
        return values.mask(field.kind, value)
    if field.kind == "village":
        return villages.get(str(value), str(value))
    if field.kind == "photo":
        return len(value) if isinstance(value, tuple) else 0
    if field.kind in ("choice", "choices"):
        labels = {option.value: option.label.of(language) for option in field.options}
        several = value if isinstance(value, tuple) else (str(value),)
        return ", ".join(labels.get(each, each) for each in several)
    return ", ".join(value) if isinstance(value, tuple) else value


def _answers(service: Service, answers: Answers, now: Circumstances) -> dict[str, Datum]:
    by_name = {field.name: field for field in service.fields}
    return {
        name: shown(by_name[name], value, now.language, now.villages)
        for name, value in answers.items()
    }


def _fees(service: Service, answers: Answers, today: Date, language: str) -> list[Datum]:
    return [
        {"nama": fee.name.of(language), "rupiah": "" if fee.rupiah is None else fee.rupiah}
        for fee in form.fees(service, answers, today)
    ]
