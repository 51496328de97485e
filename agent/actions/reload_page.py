"""Load the kiosk's page anew, also when it hangs: then another page takes its place.

Proof: a document that began later, at the expected address, in front, and beating.
"""

import contextlib
from typing import Any, Final

from agent.actions import citizen
from agent.actions.base import Context, Failed, Outcome, done
from agent.actions.page import (
    Gone,
    Place,
    Said,
    Silent,
    Talk,
    alive,
    browser_session,
    place_of,
    session,
    target,
)

WAIT_FOR_CITIZEN_S: Final = 10.0
CLOSED_WITHIN_S: Final = 8.0
LOADED_WITHIN_S: Final = 20.0
BORN: Final = "document.readyState === 'complete' ? performance.timeOrigin : 0"


def do(context: Context) -> Outcome:
    place = place_of(context)
    try:
        citizen.let_finish(context, place, WAIT_FOR_CITIZEN_S)
        with context.stop.too_late("the page is loading"):
            before, how = _free(context, place)
            context.progress(60, "waiting for the page")
            return _load(context, place, before, how)
    except Gone as gone:
        raise Failed("not_running", str(gone)) from gone


def _free(context: Context, place: Place) -> tuple[float, str]:
    """When the present document began (0 when it was replaced), and what had to be done."""
    old = target(place).id
    with session(place) as talk:
        if (before := _born(talk)) is not None:
            _try(talk, "Page.navigate", url=place.expected)
            return before, "reload"
    context.progress(30, "the page hangs: another takes its place")
    # Navigating would be accepted and change nothing: its process is what hangs.
    with browser_session(place.port) as talk:
        _try(talk, "Target.createTarget", url=place.expected)
        _try(talk, "Target.closeTarget", targetId=old)
    if not context.stop.until(lambda: target(place).id != old, CLOSED_WITHIN_S):
        raise Failed("not_answering", "the hung page does not close: restart the browser")
    return 0.0, "replaced"


def _load(context: Context, place: Place, before: float, how: str) -> Outcome:
    with session(place) as talk:
        if not context.stop.until(lambda: _is_newer(talk, before), LOADED_WITHIN_S):
            raise Failed("not_answering", "the page does not come back: restart the browser")
        try:
            url = alive(context, place, talk)
        except (Silent, Said) as error:
            raise Failed("not_answering", "the page does not come back") from error
    return done({"page": url, "how": how, "hung": how != "reload"})


def _is_newer(talk: Talk, before: float) -> bool:
    return (_born(talk) or 0.0) > before


def _born(talk: Talk) -> float | None:
    """None when the page does not answer."""
    try:
        return float(talk.evaluate(BORN) or 0.0)
    except (Silent, Said, TypeError, ValueError):
        return None


def _try(talk: Talk, method: str, **params: Any) -> None:
    # A hung page does not answer; what became of it is looked at.
    with contextlib.suppress(Silent, Said):
        talk.call(method, 1.0, **params)
