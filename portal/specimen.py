"""A service pack as pages for whoever writes it: every question, also those asked of few. Pure.

Owns what stands in for a kiosk: a small government, a place, answers that are nobody's. The pages
themselves are the portal's own handlers. Nothing can be handed in: there is no tray behind it.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final, Literal, NamedTuple
from urllib.parse import unquote

from msgspec.structs import replace

from portal import forms, routes
from portal.asked import Ask
from portal.catalogue import Catalogue
from portal.forms import Application
from portal.handing import Draft, Handed, Handing, NotTaken
from portal.handover import today
from portal.its import Its
from portal.press import Press
from portal.sitting import Sitting
from wire.service.document import Field, Service, Words
from wire.service.expression import ExpressionError, Value, names, parse
from wire.service.tenant import (
    Agency,
    Category,
    District,
    Group,
    Places,
    Tenant,
    Village,
)
from wire.submission import Keys, Tray

_HEADING: Final = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
Language = Literal["id", "su", "en"]
ANSWERS: Final[dict[str, Value]] = {
    "text": "Warga Contoh",
    "long_text": "Contoh jawaban",
    "integer": 1,
    "rupiah": 1_000_000,
    "date": "2000-01-02",
    "nik": "3174990201009999",
    "kk": "3174990201009999",
    "nop": "317499000100100010",
    "nib": "1234567890123",
    "npwp": "1234567890123456",
    "phone": "081200000000",
    "email": "warga@contoh.example",
    "yes_no": True,
}
PLACES: Final = Places(
    districts=(
        District(
            code="00.00.01",
            name="Contoh",
            villages=(
                Village(code="00.00.01.1001", name="Contoh Kidul"),
                Village(code="00.00.01.1002", name="Contoh Kaler"),
            ),
        ),
    )
)


class Specimen(NamedTuple):
    """`title` tells the page to whoever chooses one."""

    name: str
    title: str
    html: str


class NoTray(Handing):
    """Takes nothing and says that there is room: the pages look as they do when all is well."""

    def __init__(self) -> None:
        pass

    def hand_in(self, draft: Draft) -> Handed:
        raise NotTaken(f"{draft.service} is only looked at here")

    def check(self) -> None:
        """There is room."""

    def state(self) -> Tray:
        return Tray(records=0, size=0, oldest=0)


def government(service: Service) -> Tenant:
    """The least of one that the service could belong to."""
    named = Words(id="Pemerintah Contoh", en="Sample Government")
    return Tenant(
        code=service.tenant,
        name=named,
        greeting=named,
        hours=(),
        agencies=(Agency(code=service.agency, name=named),),
        groups=(Group(code=service.group, name=named, picture="papers"),),
        categories=(Category(code="lain", name=named, agency=service.agency),),
        complaint="ADU-UMUM",
        complaint_agency=service.agency,
        privacy=Words(
            id="Di sini tertulis siapa yang menyimpan data Anda.",
            su="Di dieu kaserat saha nu nyimpen data anjeun.",
            en="Here stands who keeps your data.",
        ),
    )


def pages(
    service: Service,
    press: Press,
    now: int,
    *,
    language: Language = "id",
    tenant: Tenant | None = None,
    places: Places = PLACES,
) -> Iterator[Specimen]:
    """In the order in which a citizen meets them. `now` in milliseconds since 1970."""
    shown = _unconditional(service)
    catalogue = Catalogue(
        seq=0,
        site=places.districts[0].code,
        tenant=tenant or government(service),
        services={service.code: shown},
        places=places,
        keys=Keys(seal=(), ack=()),
    )
    its = Its("anjungan", catalogue.site, press, lambda: now, handing=NoTray())
    sitting = Sitting("", catalogue, language=language)
    for name, path in _addresses(shown, its, sitting):
        if (html := _asked(path, its, sitting)) is not None:
            yield Specimen(name, _title(name, html), html)


def _addresses(service: Service, its: Its, sitting: Sitting) -> Iterator[tuple[str, str]]:
    yield "informasi", f"/informasi/{service.code}"
    if "apply" not in service.modes:
        return
    yield "perizinan", f"/perizinan/{service.code}"
    draft = Application(service)
    sitting.drafts[f"apply:{service.code}"] = draft
    now = today(Ask("GET", "/", its, sitting))
    for step in forms.steps(draft, now):
        if step.kind == "check":
            _fill(draft, sitting.catalogue)
        yield step.path, f"{draft.base}/{step.path}"


def _asked(path: str, its: Its, sitting: Sitting) -> str | None:
    """The page at that address, None where it leads to another one."""
    found = routes.find("GET", path)
    if found is None or found.handler is None:
        return None
    answer = found.handler(Ask("GET", path, its, sitting, found.args))
    return answer.body.decode() if answer.body else None


def _fill(draft: Application, catalogue: Catalogue) -> None:
    village = next(iter(catalogue.villages))
    for one in draft.service.fields:
        if (value := _answer(one, village)) is not None:
            draft.answers[one.name] = value
    draft.contact_seen = True


def _answer(one: Field, village: str) -> Value | None:
    if one.kind == "village":
        return village
    if one.kind in ("choice", "choices"):
        first = one.options[0].value if one.options else ""
        return first if one.kind == "choice" else (first,)
    if one.kind == "photo" and one.required:
        return ("0" * 64,)
    return ANSWERS.get(one.kind)


def _unconditional(service: Service) -> Service:
    """With all its questions asked, and none refused: the samples are nobody's answers."""
    fields = tuple(replace(one, when=_always(one.when), check="") for one in service.fields)
    papers = tuple(replace(one, when="", how="bring") for one in service.standard.requirements)
    standard = replace(service.standard, requirements=papers)
    return replace(service, fields=fields, standard=standard)


def _always(condition: str) -> str:
    """One that holds and still names the same answers: by these a kiosk parts its screens."""
    try:
        return f"({condition}) or 1 == 1" if names(parse(condition)) else ""
    except ExpressionError:
        return ""


def _title(name: str, html: str) -> str:
    """Its first heading, and of a question which page of the pack it is."""
    found = _HEADING.search(html)
    heading = unescape(_TAG.sub("", found[1])).strip() if found else name
    page = name.removeprefix("isi/")
    return heading[:80] if page == name else f"{unquote(page)}: {heading}"[:80]
