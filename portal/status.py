"""How a submission stands, by its receipt number and four digits: no name, no identity number.

Owns the order in which it is found out: the office is asked while it is heard; else what it last
told is shown with its age, and only to whoever knows the digits this kiosk remembers; what was
handed in here and is still waiting is said to be safe. Colours and words are those citizens know.
"""

import re
from typing import Final, NamedTuple

from portal import home, tiles
from portal.answer import Answer, page
from portal.asked import Ask
from portal.handing import Handed
from wire.citizen import Standing
from wire.service import receipt

COLORS: Final = {
    "submitted": "warn",
    "verifying": "warn",
    "processing": "warn",
    "returned": "bad",
    "rejected": "bad",
    "ready": "ok",
    "taken": "ok",
    "withdrawn": "bad",
}
"""Red: nothing goes on without the citizen; yellow: the office is at it; green: it is done."""

TRAIL: Final = ("submitted", "verifying", "processing", "ready", "taken")
YOUR_TURN: Final = ("returned", "rejected", "ready")
"""States in which the citizen goes to the counter next."""

_TAIL: Final = re.compile(r"[0-9]{4}", re.ASCII)


class Found(NamedTuple):
    """One of them: `standing`, `kept` here and not with the office yet, or the key of `why` not.

    `as_of` is how old a standing is (Unix milliseconds), 0 when the office said it just now.
    """

    standing: Standing | None = None
    kept: Handed | None = None
    as_of: int = 0
    why: str = ""
    wait_s: int = 0


def show(ask: Ask) -> Answer:
    number = ask.one("number")[:60] or ask.query.get("nomor", "")[:40]
    return _form(ask, {}, number, ask.one("tail")[:10])


def look(ask: Ask) -> Answer:
    """The answer is a page of its own and stands at no address: nobody goes back to it."""
    typed, tail = ask.one("number")[:60], ask.one("tail").strip()[:10]
    errors = {}
    try:
        number = receipt.read(typed)
    except receipt.NotANumber:
        errors["number"] = ask.t("status.bad_number")
    if not _TAIL.fullmatch(tail):
        errors["tail"] = ask.t("status.bad_tail")
    if errors:
        return _form(ask, errors, typed, tail)
    found = guessed(ask, number, tail)
    return page(
        ask,
        "standing.html",
        number=number,
        found=found,
        color=COLORS[found.standing.state] if found.standing else "",
        trail=trail(found.standing.state) if found.standing else [],
        service=_named(ask, found),
        word=lambda state: _word(ask, state, complaint=_complaint(ask, found)),
        next_step=_next_step(ask, found),
        when=home.times(ask),
    )


def guessed(ask: Ask, number: str, tail: str) -> Found:
    """As `find`, for whoever has not guessed too often; "away" tells a guesser nothing either."""
    if wait_s := ask.its.tries.wait_s(number):
        return Found(why="wait", wait_s=wait_s)
    found = find(ask, number, tail)
    if found.standing or found.kept:
        ask.its.tries.right(number)
    elif not found.wait_s:
        ask.its.tries.wrong(number)
    return found


def find(ask: Ask, number: str, tail: str) -> Found:
    kept = _kept(ask, number, tail)
    if ask.its.inquiry and _online(ask):
        answer = ask.its.inquiry.ask(number, tail)
        if answer and answer.wait_s:
            return Found(why="wait", wait_s=answer.wait_s)
        if answer and answer.standing:
            return Found(standing=answer.standing)
        if answer:
            return Found(kept=kept) if kept else Found(why="none")
    if kept is None:
        return Found(why="away")
    sync = ask.its.sync()
    told = [one for one in (sync.standings if sync else ()) if one.number == number]
    return Found(standing=told[0], as_of=sync.at if sync else 0) if told else Found(kept=kept)


def trail(state: str) -> list[tuple[str, str]]:
    """The usual way, each with "past", "here" or "": returned and ended ones stand where they are.

    What is returned or ended otherwise stands after what came before it.
    """
    if state in TRAIL:
        here = TRAIL.index(state)
        return [
            (one, "past" if at < here else "here" if at == here else "")
            for at, one in enumerate(TRAIL)
        ]
    before = 1 if state == "withdrawn" else 2
    after = TRAIL[before:] if state == "returned" else ()
    return [
        *((one, "past") for one in TRAIL[:before]),
        (state, "here"),
        *((one, "") for one in after),
    ]


def _form(ask: Ask, errors: dict[str, str], number: str, tail: str) -> Answer:
    return page(
        ask,
        "status.html",
        errors=errors,
        number=number,
        tail=tail,
        notice=None if _online(ask) else home.notice_of(ask, "queue"),
    )


def _kept(ask: Ask, number: str, tail: str) -> Handed | None:
    try:
        return ask.its.handing.known(number, tail) if ask.its.handing else None
    except OSError:
        return None


def _online(ask: Ask) -> bool:
    return tiles.online(ask.its.local(), ask.its.clock())


def _code(found: Found) -> str:
    return found.standing.service if found.standing else found.kept.service if found.kept else ""


def _complaint(ask: Ask, found: Found) -> bool:
    return _code(found) == ask.catalogue.tenant.complaint


def _next_step(ask: Ask, found: Found) -> str:
    """What the citizen does now, "" while it is the office's turn or all is done."""
    its = found.standing
    if its is None or its.state not in YOUR_TURN:
        return ""
    answered = its.state == "ready" and _complaint(ask, found)
    if answered and not its.due:
        return ""
    when = home.times(ask).day(its.due) if answered else ""
    return ask.t(f"status.next.{'answered' if answered else its.state}", when=when)


def _word(ask: Ask, state: str, *, complaint: bool) -> str:
    """As citizens know it; of a complaint nothing is ready to be fetched."""
    other = complaint and state == "ready"
    return ask.t("status.complaint.ready" if other else f"status.state.{state}")


def _named(ask: Ask, found: Found) -> str:
    """The service in the citizen's words, "" when it is none of this kiosk's."""
    code = _code(found)
    if _complaint(ask, found):
        return ask.t("tile.complain.name")
    service = ask.catalogue.services.get(code)
    return service.name.of(ask.sitting.language) if service else ""
