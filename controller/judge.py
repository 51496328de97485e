"""Opens and clears faults: evidence in, moves of wire.lifecycle.FAULT out, with hysteresis.

Pure. How long evidence must hold is the catalogue's business. Unknown evidence never comes here:
what cannot be told neither opens nor clears. A probe speaks only for the codes of its own name.
"""

from typing import Literal, NamedTuple

from controller.known import Evidence, Standing
from wire.faults import CATALOGUE
from wire.lifecycle import FAULT, move

Event = Literal["seen", "gone", "held", "happened"]
Turn = Literal["opened", "cleared"]
_STANDS = ("open", "clearing")
_WAITS = ("pending", "clearing")


class Claim(NamedTuple):
    """One piece of evidence about one code of the catalogue.

    `seen` and `gone` last; `held` says that they have lasted long enough; `happened` is something
    that has no end of its own.
    """

    code: str
    event: Event
    why: str = ""
    evidence: Evidence = {}  # noqa: RUF012 - a claim is only read once it is made


class Ruling(NamedTuple):
    """Where the code stands now (None: clear) and whether that opened or cleared a fault."""

    standing: Standing | None
    turn: Turn | None = None


def weigh(standing: Standing | None, claim: Claim, now: int) -> Ruling:
    """What one claim changes. Raises KeyError for a code outside the catalogue."""
    if claim.event == "happened":
        return _happened(standing, claim, now)
    old = standing.state if standing else "clear"
    new = move(FAULT, old, claim.event)
    if new == old:
        return Ruling(standing)
    due = now + _wait_ms(claim.code, new)
    if new in _WAITS and due <= now:
        new = move(FAULT, new, "held")
    turn = _turn(old, new)
    if new == "clear":
        return Ruling(None, turn)
    since = standing.since if standing and new in _STANDS and old in _STANDS else now
    due = due if new in _WAITS else 0
    return Ruling(Standing(new, since, due, claim.why, claim.evidence), turn)


def _happened(standing: Standing | None, claim: Claim, now: int) -> Ruling:
    """The fault stands at once, and clears when it has not happened again for long."""
    wait = _wait_ms(claim.code, "clearing")
    stands = standing is not None and standing.state in _STANDS
    if standing is not None and standing.state == "clearing" and now + wait < _soon(standing, wait):
        return Ruling(standing)
    since = standing.since if standing is not None and stands else now
    again = Standing("clearing", since, now + wait, claim.why, claim.evidence)
    return Ruling(again, None if stands else "opened")


def _soon(standing: Standing, wait: int) -> int:
    """A flood of the same must not become a flood of writes."""
    return standing.due + wait // 20


def may_say(probe: str, code: str) -> bool:
    return code in CATALOGUE and code.startswith(f"{probe}.") and probe != "kiosk"


def _wait_ms(code: str, state: str) -> int:
    entry = CATALOGUE[code]
    seconds = {"pending": entry.open_after_s, "clearing": entry.clear_after_s}.get(state, 0)
    return int(seconds * 1000)


def _turn(old: str, new: str) -> Turn | None:
    if old not in _STANDS and new in _STANDS:
        return "opened"
    return "cleared" if old in _STANDS and new not in _STANDS else None
