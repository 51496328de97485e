"""One revision of a service pack: what it changes, what is wrong with it, what may be done now."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from controller.services import beside, read, tenants
from controller.services import differences as diffs
from controller.services.differences import Difference
from controller.services.examine import Examined, examine
from controller.services.said import Complaint
from controller.services.shapes import Pack
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.audit import name_of
from dashboards.console.pages.page import Page
from dashboards.console.pages.services import TONES, agency_of
from dashboards.console.pages.subject import subject_of
from dashboards.console.preview import Preview, Shown
from dashboards.console.texts import Texts
from dashboards.console.words import plain

MOST_SHOWN: Final = 200
_MENDED: Final = ("draft", "review", "approved")  # as long as it can be
_STEP: Final = re.compile(r"([^.\[\]]+)(?:\[([^\]]*)\])?")


class Changed(NamedTuple):
    """A difference in words: where it is, as people call it, and both texts."""

    where: str
    what: str
    before: str
    after: str


def load(preview: Preview | None, ask: Ask) -> Mapping[str, Any]:
    """Raises Refused (`unknown`), Outside."""
    one = read.seen(ask.conn, int(ask.request.path_params["pack_id"]), ask.scope("service.see"))
    tenant = tenants.find(ask.conn, one.tenant)
    older = read.before(ask.conn, one)
    differ = diffs.differences(older.document if older else {}, one.document)
    found = examined(ask, one)
    language = ask.t.language
    return {
        "one": one,
        "tenant": tenant.name.of(language) if tenant else one.tenant,
        "agency": agency_of({one.tenant: tenant} if tenant else {}, one, ask),
        "older": older,
        "changes": [changed(diff, ask.t) for diff in differ[:MOST_SHOWN]] if older else [],
        "more": max(0, len(differ) - MOST_SHOWN) if older else 0,
        "complaints": [said(each, ask.t) for each in found.complaints],
        "unreadable": unreadable(one, found),
        "history": read.history(ask.conn, one),
        "tones": TONES,
        "called": lambda login: name_of(login, ask.t),
        "does": does(ask, one),
        "pages": _pages(preview, ask, one),
        "has_preview": preview is not None,
        "told": "",
        "refusal": "",
    }


def examined(ask: Ask, one: Pack) -> Examined:
    """Beside the others of its government while it can be mended; afterwards whether it is one."""
    if one.state in _MENDED:
        return beside.examined(ask.conn, one.document)
    return examine(one.document, None)._replace(complaints=())


def unreadable(one: Pack, found: Examined) -> str:
    """Which words tell who must act on a document that is no service pack's any more; "" if it is.

    It was put there by another version of the house, or by hand. A draft may well be none yet: its
    complaints say what its writer mends.
    """
    if one.state == "draft" or found.service is not None:
        return ""
    return "open" if one.state in _MENDED else "shown"


def _pages(preview: Preview | None, ask: Ask, one: Pack) -> list[Shown]:
    if preview is None:
        return []
    return preview.pages(subject_of(ask.conn, one.tenant, one.document), ask.t.language)


def said(one: Complaint, t: Texts) -> tuple[str, str]:
    return where_of(one.where, t), one.of(t.language)


def does(ask: Ask, one: Pack) -> Mapping[str, bool]:
    """What whoever asks may do with it now; no button is shown that would be refused."""
    edits = ask.may("service.edit", one.tenant)
    reviews = ask.may("service.review", one.tenant)
    login = ask.person.login if ask.person else ""
    wrote = login in (one.made_by, one.submitted_by)
    return {
        "edit": edits and one.state == "draft",
        "submit": edits and one.state == "draft",
        "drop": edits and one.state == "draft",
        "approve": reviews and one.state == "review" and not wrote,
        "wait": one.state == "review" and (wrote or not reviews),
        "back": reviews and one.state in ("review", "approved"),
        "revise": edits and one.state == "published",
        "retire": one.state == "published" and ask.may("service.publish", one.tenant),
        "publish": one.state == "approved" and ask.may("service.publish", one.tenant),
    }


def changed(diff: Difference, t: Texts) -> Changed:
    return Changed(where_of(diff.where, t), diff.what, _short(diff.before), _short(diff.after))


def where_of(path: str, t: Texts) -> str:
    """`fields[nik].label.su` as `Isian nik · pertanyaan · Sunda`; a workbook's place as it is."""
    if not path or " " in path:
        return plain(path)
    said_: list[str] = []
    for key, row in _STEP.findall(path):
        if key == "standard" and path != key:
            continue
        name = t(f"service_part.{key}") if t.known(f"service_part.{key}") else plain(key)
        shown = str(int(row) + 1) if row.isdecimal() and key in ("fields", "options") else row
        said_.append(f"{name} {plain(shown)}".strip())
    return " · ".join(said_)


def _short(text: str) -> str:
    return text if len(text) <= 400 else text[:399] + "…"


def page(preview: Preview | None) -> Page:
    return Page("service.html", "services", (), partial(load, preview))
