"""One submission: how far it is, what may be done with it, who did what and who looked.

What the citizen wrote is no part of it: it is asked of the registrar by a deed of its own, with a
reason, and stands on that one answer alone.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller.inbox import filing, known, looks, moves, read
from controller.inbox.shapes import Row
from controller.people.powers import EVERYWHERE
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.citizens import Speech, steps
from dashboards.console.pages.page import Page, Part
from wire.lifecycle import SUBMISSION

MAIN: Final = ("verify", "process", "finish", "complete", "hand_over", "close")
"""What brings it on; the first that its state allows is the large button."""


class Typed(NamedTuple):
    """What an officer typed and the office did not take: it stands in its form again."""

    event: str = ""
    why: str = ""
    missing: tuple[str, ...] = ()
    agency: str = ""
    file_number: str = ""
    note: str = ""


NOTHING: Final = Typed()


def number_of(ask: Ask) -> int:
    return int(ask.request.path_params["submission_id"])


def frame(ask: Ask) -> Mapping[str, Any]:
    """Raises Refused (`unknown`) and Outside."""
    speech = Speech(ask)
    row = read.find(ask.conn, ask.scope("inbox.see"), number_of(ask))
    return {
        "row": row,
        "whys": looks.WHYS,
        "may_open": ask.may("inbox.open", row.where) and row.destroyed_at is None,
        "told": "",
        "refusal": "",
        "paper": None,
        "notes": {},
        **speech.vocabulary(),
    }


def head(ask: Ask) -> Mapping[str, Any]:
    """How far it is. Raises Refused (`unknown`) and Outside."""
    row = read.find(ask.conn, ask.scope("inbox.see"), number_of(ask))
    way = steps(row, read.events(ask.conn, row.id))
    return {"row": row, "steps": way, **Speech(ask).vocabulary()}


def load(ask: Ask) -> Mapping[str, Any]:
    """Raises Refused (`unknown`) and Outside."""
    speech = Speech(ask)
    found = read.detail(ask.conn, ask.scope("inbox.see"), number_of(ask))
    row = found.row
    allowed = moves.may(row) if ask.may("inbox.decide", row.where) and row.same_as is None else ()
    service = known.service(ask.conn, row.tenant, row.service, row.revision)
    papers = service.standard.requirements if service else ()
    into = read.find(ask.conn, EVERYWHERE, row.same_as) if row.same_as else None
    main = next((one for one in MAIN if one in allowed), "")
    return {
        "row": row,
        "detail": found,
        "main": main,
        "proposal": _proposal(ask, row, main),
        "others": [one for one in allowed if one not in (main, "reassign", "lapse")],
        "need_why": moves.NEED_WHY,
        "papers": [one.name.of(ask.t.language) for one in papers],
        "agencies": _agencies(speech, row.tenant, row.agency)
        if "reassign" in allowed and ask.may("inbox.assign", row.where)
        else [],
        "mine": ask.person is not None and row.assigned_to == ask.person.login,
        "into": into,
        "sees_into": into is not None and ask.scope("inbox.see").holds(into.where),
        "may_decide": ask.may("inbox.decide", row.where),
        "typed": getattr(ask.request.state, "typed", NOTHING),
        **speech.vocabulary(),
    }


def _proposal(ask: Ask, row: Row, main: str) -> str:
    """The file number that `main` would give it."""
    new = SUBMISSION.get((row.state, main), "")
    return filing.proposal(ask.conn, row, new, ask.now)


def _agencies(speech: Speech, tenant: str, but: str) -> list[tuple[str, str]]:
    named = [(code, speech.agency(tenant, code)) for at, code in speech.known.agencies
             if at == tenant and code != but]  # fmt: skip
    return sorted(named, key=lambda one: one[1])


PARTS: Final = (
    Part("case-head", "parts/case_head.html", head),
    Part("submission", "parts/submission.html", load),
)
PAGE: Final = Page("submission.html", "inbox", PARTS, frame)
