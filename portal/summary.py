"""An answer as its citizen reads it again: in their language, and masked where it is secret. Pure.

Owns the wording of values on the check and on the screens that come back to a question. What is
secret never leaves this module in the open.
"""

from collections.abc import Callable
from typing import NamedTuple

from portal.catalogue import Catalogue
from wire.service import days, values
from wire.service.document import Field
from wire.service.expression import Value

Sentence = Callable[..., str]


class Reader(NamedTuple):
    """Who reads: the language, what the portal says in it, and the places that are known."""

    language: str
    t: Sentence
    catalogue: Catalogue


def said(reader: Reader, field: Field, value: Value | None) -> str:
    """What stands beside the question; nothing when nothing was answered."""
    if value is None or value in ("", ()):
        return ""
    if field.secret:
        return values.mask(field.kind, value)
    return _PLAIN.get(field.kind, _as_it_is)(reader, field, value)


def place_name(catalogue: Catalogue, code: str) -> str:
    """A village with its kecamatan, a kecamatan alone, or the code nobody knows."""
    village = catalogue.villages.get(code)
    district = catalogue.districts.get(".".join(code.split(".")[:3]))
    named = [one.name for one in (village, district) if one is not None]
    return ", ".join(named) or code


def rupiah(amount: int) -> str:
    return f"Rp {amount:,}".replace(",", ".")


def _as_it_is(_: Reader, field: Field, value: Value) -> str:
    return " ".join(values.typed(value)) if field.kind != "integer" else str(value)


def _chosen(reader: Reader, field: Field, value: Value) -> str:
    picked = value if isinstance(value, tuple) else (str(value),)
    labels = {one.value: one.label.of(reader.language) for one in field.options}
    return ", ".join(labels.get(one, one) for one in picked)


def _date(reader: Reader, _: Field, value: Value) -> str:
    return days.spelled(days.parse(str(value)), reader.language)


def _yes_no(reader: Reader, _: Field, value: Value) -> str:
    return reader.t("form.yes" if value else "form.no")


def _rupiah(_: Reader, __: Field, value: Value) -> str:
    return rupiah(int(value)) if isinstance(value, int) else str(value)


def _village(reader: Reader, _: Field, value: Value) -> str:
    return place_name(reader.catalogue, str(value))


def _pictures(reader: Reader, _: Field, value: Value) -> str:
    count = len(value) if isinstance(value, tuple) else 1
    return reader.t("form.pictures", count=count)


_PLAIN: dict[str, Callable[[Reader, Field, Value], str]] = {
    "choice": _chosen,
    "choices": _chosen,
    "date": _date,
    "photo": _pictures,
    "rupiah": _rupiah,
    "village": _village,
    "yes_no": _yes_no,
}
