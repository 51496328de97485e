"""How pages speak of what citizens handed in: names by code, states as citizens know them, clocks.

Colours are those a citizen sees on the kiosk: yellow is on its way, red went back, green is done.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller.inbox import known, limits
from controller.inbox.shapes import Event, Row
from dashboards.console import words
from dashboards.console.pages.ask import Ask
from wire.service.document import Words

TONES: Final = {
    "submitted": "warn", "verifying": "warn", "processing": "warn", "returned": "fail",
    "rejected": "fail", "ready": "ok", "taken": "ok", "withdrawn": "none",
}  # fmt: skip
CLOCK_TONES: Final = {"late": "fail", "soon": "warn", "fine": "ok", "none": "none"}
STEPS: Final = ("submitted", "verifying", "processing", "ready", "taken")


class Ticking(NamedTuple):
    """A clock as it is shown. `what` is what it waits for; `text` "" where nothing runs."""

    tone: str
    text: str = ""
    what: str = ""


class Step(NamedTuple):
    """`state` is done, now, passed or next, as the style sheet has them."""

    name: str
    state: str
    at: int | None = None


class Speech:
    """The words of one request. Read once, however many parts and rows there are."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.known = known_of(ask)

    def vocabulary(self) -> Mapping[str, Any]:
        """What templates about submissions say besides."""
        return {
            "title_of": self.title,
            "service_of": self.service,
            "agency_of": self.agency,
            "place_of": self.known.place,
            "state_of": self.state,
            "tone_of": lambda row: TONES[row.state],
            "clock_of": self.clock,
            "event_of": self.event,
            "said_of": words.plain,
        }

    def title(self, row: Row) -> str:
        """What it is about: a complaint's category, else the service."""
        found = self.known.categories.get((row.tenant, row.category)) if row.category else None
        return self._of(found.name) if found else self.service(row.tenant, row.service)

    def service(self, tenant: str, code: str) -> str:
        found = self.known.services.get((tenant, code))
        complaint = code.startswith("ADUAN")
        return self._of(found) if found else self._ask.t("inbox.complaint") if complaint else code

    def agency(self, tenant: str, code: str) -> str:
        found = self.known.agencies.get((tenant, code))
        return self._of(found) if found else code

    def state(self, row: Row, state: str = "") -> str:
        name = state or row.state
        if name == "ready" and row.kind == "complain":
            return self._ask.t("sub_state.ready_complain")
        return self._ask.t(f"sub_state.{name}")

    def clock(self, row: Row) -> Ticking:
        found = limits.clock(row.limit, self._ask.now, self.known.calendar(row.tenant))
        t = self._ask.t
        if row.due_at is None:
            return Ticking("none")
        tone, what = CLOCK_TONES[found.tone], t(f"sub_due.{row.due_what}")
        if found.tone == "late":
            late = t("inbox.late_one") if found.left == -1 else t("inbox.late_by", n=-found.left)
            return Ticking(tone, late, what)
        if found.left == 0 and row.due_what != "close":
            return Ticking(tone, t("inbox.last_day"), what)
        left = t("inbox.left_one") if found.left == 1 else t("inbox.days_left", n=found.left)
        return Ticking(tone, left, what)

    def event(self, one: Event, row: Row) -> str:
        """As a line of its course says it."""
        t = self._ask.t
        if one.event == "finish":
            return self.state(row, one.new)
        return t(f"sub_did.{one.event}") if t.known(f"sub_did.{one.event}") else one.event

    def _of(self, text: Words) -> str:
        return text.of(self._ask.t.language)


def known_of(ask: Ask) -> known.Known:
    """What the office knows, read by the first part of a page that asks."""
    state = ask.request.state
    if not hasattr(state, "known"):
        state.known = known.read(ask.conn)
    found: known.Known = state.known
    return found


def steps(row: Row, events: list[Event]) -> list[Step]:
    """The way of a submission as its citizen sees it, with when each step was reached."""
    flips = [one for one in reversed(events) if one.old != one.new and one.new in STEPS]
    reached = {one.new: one.at for one in flips}
    here = STEPS.index(row.state) if row.state in STEPS else None
    if here is None:  # it stands beside the way: how far it had come
        before = [n for n, name in enumerate(STEPS) if name in reached]
        last = max(before, default=0)
        found = [
            Step(name, "done" if n <= last else "next", reached.get(name))
            for n, name in enumerate(STEPS)
        ]
        return [*found[: last + 1], Step(row.state, "now", row.state_at)]
    return [
        Step(name, _step(n, here, row, reached), reached.get(name) if n <= here else None)
        for n, name in enumerate(STEPS)
    ]


def _step(n: int, here: int, row: Row, reached: Mapping[str, int]) -> str:
    if n == here:
        return "done" if row.state == "taken" else "now"
    if n > here:
        return "next"
    return "done" if STEPS[n] in reached else "passed"
