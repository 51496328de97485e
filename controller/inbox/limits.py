"""Which limit runs for a submission, and how it looks on its clock. Pure.

A complaint is verified and forwarded within 3 working days, answered within 5 of that, and closed
when nobody objected for 10. An application has its service's own days, from the day its papers
were complete: whoever is sent home for one begins anew. While a citizen is waited for, and after
the end, nothing runs. No limit is ever made longer by moving a record about.
"""

from typing import Final, Literal, NamedTuple

from controller.inbox.calendar import Calendar

COMPLAINT: Final = {
    "submitted": ("verify", 3),
    "verifying": ("answer", 5),
    "processing": ("answer", 5),
    "ready": ("close", 10),
}
WHATS: Final = ("verify", "answer", "close", "sla")
SOON: Final = 1  # working days left from which on a clock is yellow

Tone = Literal["late", "soon", "fine", "none"]


class Limit(NamedTuple):
    """`due_at` None: nothing runs. `what` is one of WHATS, or ""."""

    due_at: int | None = None
    what: str = ""


class Pace(NamedTuple):
    """How fast an office works: its calendar, and the working days a service promises (or None)."""

    calendar: Calendar
    sla: int | None = None


class Clock(NamedTuple):
    """`left` in working days: 0 is today, below 0 so many ago."""

    tone: Tone
    left: int = 0


NOTHING: Final = Limit()


def first(kind: str, arrived_at: int, sla: int | None, calendar: Calendar) -> Limit:
    """Of what has just arrived. `sla` in working days, None where nothing is promised."""
    return _of(kind, "submitted", arrived_at, Pace(calendar, sla))


def after(kind: str, new: str, was: Limit, now: int, pace: Pace) -> Limit:
    """Once it came to the state `new`: the limit that ran goes on if it is still the same one."""
    begun = _of(kind, new, now, pace)
    return was if begun.what and begun.what == was.what else begun


def _of(kind: str, state: str, start: int, pace: Pace) -> Limit:
    if kind == "complain":
        what, days = COMPLAINT.get(state, ("", 0))
        return Limit(pace.calendar.due(start, days), what) if what else NOTHING
    if pace.sla is None or state not in ("submitted", "verifying", "processing"):
        return NOTHING
    return Limit(pace.calendar.due(start, pace.sla), "sla")


def clock(limit: Limit, now: int, calendar: Calendar) -> Clock:
    """How it looks now. Time that a citizen has to object never makes an officer late."""
    if limit.due_at is None:
        return Clock("none")
    left = calendar.left(now, limit.due_at)
    if limit.what == "close":
        return Clock("none", max(left, 0))
    if now > limit.due_at:
        return Clock("late", min(left, -1))
    return Clock("soon" if left <= SOON else "fine", left)
