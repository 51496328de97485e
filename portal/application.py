"""An application when all is answered: how it is read once more, and what is handed in. Pure.

Owns the rows and the papers of the check, and the Draft. Only what was asked is handed in, and of
pictures what was made anew. The place is the village that was answered, else where the kiosk
stands.
"""

from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from portal import forms, summary
from portal.asked import Ask
from portal.forms import Application
from portal.handing import Draft, Handed
from portal.handover import today
from portal.summary import Reader
from wire.service import form, printed, workdays
from wire.service.document import Field
from wire.service.expression import Value
from wire.service.printed import Circumstances
from wire.submission import Contact, Key


class Paper(NamedTuple):
    """What is brought along, or may be photographed here. `camera`: its address, "" to bring it."""

    name: str
    required: bool
    camera: str
    taken: int


class Row(NamedTuple):
    """One answer. `change`: the address at which it is given anew."""

    label: str
    said: str
    change: str


def rows(ask: Ask, draft: Application) -> list[Row]:
    """All that is handed in, in the order in which it was asked."""
    reader = Reader(ask.sitting.language, ask.t, ask.catalogue)
    now = today(ask)
    answers = forms.kept(draft, now)
    found = []
    for step in forms.steps(draft, now):
        change = f"{draft.base}/{step.path}"
        for one in step.page.fields if step.page else ():
            if one.kind != "note":
                shown = summary.said(reader, one, answers.get(one.name))
                found.append(Row(one.label.of(reader.language), shown, change))
        if step.kind == "contact":
            found.append(Row(ask.t("apply.phone"), forms.masked_phone(draft.phone), change))
    return found


def papers(ask: Ask, draft: Application) -> list[Paper]:
    """The papers of this citizen, then the pictures that may be added."""
    now, language = today(ask), ask.sitting.language
    found = []
    for one in forms.papers(draft, now):
        camera = _camera(draft, one.code) if one.how == "photo" else ""
        taken = len(draft.photos.get(one.code, ()))
        found.append(Paper(one.name.of(language), one.required, camera, taken))
    for field in form.offered(draft.service, draft.answers, now):
        taken = len(draft.photos.get(field.name, ()))
        label = field.label.of(language)
        found.append(Paper(label, False, _camera(draft, field.name), taken))
    return found


def draft(ask: Ask, filled: Application) -> Draft:
    """Only of one that has no open step."""
    now = today(ask)
    answers = forms.kept(filled, now)
    phone = forms.phone_of(filled, now)
    service = filled.service
    return Draft(
        kind="apply",
        service=service.code,
        revision=service.revision,
        tenant=ask.catalogue.tenant.code,
        place=_place(service.fields, answers) or ask.its.site,
        language=ask.sitting.language,
        fields={**answers, **_papers(filled)},
        contact=Contact(name=_name(service.fields, answers), phone=phone),
        tail=forms.tail(phone),
        warnings=_warnings(filled, answers),
        photos=filled.pictures(),
        due=due(ask, filled),
    )


def due(ask: Ask, filled: Application) -> int:
    """By when the standard promises an answer, counted from now; 0 where it promises none."""
    limit = filled.service.standard.duration.working_days
    if limit is None:
        return 0
    catalogue = ask.catalogue
    return workdays.due(ask.its.clock(), limit, catalogue.holidays, catalogue.tenant.utc_offset_min)


def receipt(ask: Ask, filled: Application, handed: Handed) -> str:
    """What the pack itself wants on this kiosk's paper, "" when it leaves that to the portal."""
    catalogue = ask.catalogue
    agency = catalogue.agencies.get(filled.service.agency)
    now = Circumstances(
        number=handed.number,
        made_at=handed.made_at,
        due=handed.due,
        offset_min=catalogue.tenant.utc_offset_min,
        agency=agency.name.of(ask.sitting.language) if agency else "",
        kiosk=ask.its.kiosk,
        language=ask.sitting.language,
        villages={code: one.name for code, one in catalogue.villages.items()},
    )
    sheet = ask.its.printer is not None and ask.its.printer.has_sheets()
    return printed.receipt(filled.service, forms.kept(filled, today(ask)), now, sheet=sheet)


def _camera(draft: Application, key: str) -> str:
    return f"/foto/{quote(draft.service.code, safe='')}/{quote(key, safe='')}"


def _papers(filled: Application) -> dict[Key, Value]:
    """Which picture is which paper: by the hashes of Content.photos, as for fields."""
    asked = {one.name for one in filled.service.fields}
    return {
        f"paper_{code}"[:32]: tuple(sha256(one).hexdigest() for one in some)
        for code, some in filled.photos.items()
        if code not in asked and some
    }


def _warnings(filled: Application, answers: dict[str, Value]) -> tuple[str, ...]:
    return tuple(
        code for name, codes in filled.warnings.items() if name in answers for code in codes
    )


def _place(fields: tuple[Field, ...], answers: dict[str, Value]) -> str:
    found = (
        str(answers[one.name]) for one in fields if one.kind == "village" and one.name in answers
    )
    return next(found, "")


def _name(fields: tuple[Field, ...], answers: dict[str, Value]) -> str:
    """The first line of text whose name says that it is somebody's."""
    named = (one.name for one in fields if one.kind == "text" and one.name.startswith("nama"))
    return next((str(answers[one])[:120] for one in named if one in answers), "")
