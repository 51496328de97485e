"""How a rollout is spread over kiosks: phases, who is held back, when a switch is allowed. Pure.

The same seed gives the same plan. Who is in a canary and who is held back is drawn by lot: only
then does a comparison of the two say something about the release. Whether the next phase opens is
decided by results: gate.py.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from controller.jobs import asked as asked_
from controller.jobs.asked import Asked

MOST_PHASES: Final = 10
MOST_HELD: Final = 50
MOST_SOAK_MIN: Final = 7 * 1440
MOST_PATIENCE_H: Final = 30 * 24
MOST_WINDOWS: Final = 8
LEAST_TO_HOLD: Final = 10  # with fewer kiosks nobody is held back: one kiosk compares with nothing
_BOUND: Final = re.compile(r"[1-9][0-9]{0,6}%?")


class CannotPlan(ValueError):  # noqa: N818 - says what happened
    """Whoever asks must ask for something else. The words are for people."""


class Phase(NamedTuple):
    """One of the two. `bound`: how many kiosks in all after it, "3" or "5%" of those not held back.

    `asked`: those of the rollout's kiosks that are named, found by a filter or on a saved list.
    """

    bound: str = ""
    asked: Asked = Asked()


CAREFUL: Final = (Phase("3"), Phase("10%"), Phase("100%"))


class Plan(NamedTuple):
    """The last phase is all of them; after it comes one more, those who were held back.

    `held_percent` of the kiosks are held back until then. `soak_min`: so long an installed release
    is watched before it counts as good. `patience_h`: so long a phase waits for kiosks that are
    away or still fetch. `windows`: minutes of the kiosks' day in which they may switch, none for at
    any time. `stop_percent` of a phase's kiosks that fail to install it hold the rollout, whatever
    the comparison says; 0: never.
    """

    phases: tuple[Phase, ...] = CAREFUL
    held_percent: int = 5
    soak_min: int = 30
    patience_h: int = 24
    windows: tuple[tuple[int, int], ...] = ()
    stop_percent: int = 20


class Spot(NamedTuple):
    """A kiosk to be placed. `ready`: it is online and citizens can be served.

    `listed`: the first phase (from 1) whose list or filter holds it, 0 for none.
    """

    id: int
    ready: bool
    listed: int = 0


class Place(NamedTuple):
    """`phase` from 1; whoever is `control` is in the last one."""

    phase: int
    control: bool


_RANGES: Final = {
    "held_percent": (0, MOST_HELD),
    "soak_min": (0, MOST_SOAK_MIN),
    "patience_h": (1, MOST_PATIENCE_H),
    "stop_percent": (0, 100),
}


def check(plan: Plan) -> None:
    """Raises CannotPlan for what no rollout may have."""
    if not 1 <= len(plan.phases) <= MOST_PHASES or plan.phases[-1].bound != "100%":
        raise CannotPlan(f"1 to {MOST_PHASES} phases, and the last is 100%")
    for one in plan.phases:
        _check_phase(one)
    for name, (least, most) in _RANGES.items():
        if not least <= getattr(plan, name) <= most:
            raise CannotPlan(f"{name} is {least} to {most}")
    if len(plan.windows) > MOST_WINDOWS:
        raise CannotPlan(f"at most {MOST_WINDOWS} windows")
    if not all(0 <= minute <= 1439 for one in plan.windows for minute in one):
        raise CannotPlan("a window is two minutes of the day, 0 to 1439")


def _check_phase(phase: Phase) -> None:
    listed = phase.asked != Asked()
    if bool(phase.bound) == listed:
        raise CannotPlan("a phase is a number, a share, a list or a filter: one of them")
    if phase.bound and (not _BOUND.fullmatch(phase.bound) or bound(phase.bound, 100) > 10**6):
        raise CannotPlan(f"a phase is a number of kiosks or a share like 5%, not {phase.bound!r}")
    if phase.bound.endswith("%") and int(phase.bound[:-1]) > 100:
        raise CannotPlan("a share is at most 100%")


def bound(text: str, count: int) -> int:
    """Kiosks that a phase's `bound` means, of `count`; at least one."""
    if text.endswith("%"):
        return -(-count * int(text[:-1]) // 100)
    return int(text)


def assign(plan: Plan, spots: Iterable[Spot], seed: str) -> dict[int, Place]:
    """Which phase each kiosk is in, by kiosk id. Empty phases stay: numbers are those of the plan.

    Kiosks that are ready come first: who is away, or broken already, proves nothing in a canary.
    """
    drawn = sorted(spots, key=lambda one: (not one.ready, _lot(seed, one.id)))
    held = _held(plan, drawn)
    treated = [one for one in drawn if one.id not in held]
    placed = {one.id: Place(one.listed, control=False) for one in treated if one.listed}
    for number, phase in enumerate(plan.phases, 1):
        if phase.bound:
            _fill(placed, treated, number, bound(phase.bound, len(treated)))
    last = len(plan.phases) + 1
    return placed | {one: Place(last, control=True) for one in held}


def _held(plan: Plan, drawn: Sequence[Spot]) -> set[int]:
    """Nobody who was put on a list; drawn from the end of those that are ready."""
    if len(drawn) < LEAST_TO_HOLD or not plan.held_percent:
        return set()
    free = [one for one in drawn if not one.listed]
    ready = [one for one in free if one.ready]
    many = -(-len(drawn) * plan.held_percent // 100)
    return {one.id for one in (ready[::-1] or free[::-1])[:many]}


def _fill(placed: dict[int, Place], treated: Sequence[Spot], number: int, upto: int) -> None:
    """Up to `upto` kiosks in this phase and those before it."""
    have = sum(1 for place in placed.values() if place.phase <= number)
    free = (one for one in treated if one.id not in placed)
    for one, _ in zip(free, range(max(0, upto - have)), strict=False):
        placed[one.id] = Place(number, control=False)


def _lot(seed: str, kiosk_id: int) -> bytes:
    return hashlib.sha256(f"{seed}:{kiosk_id}".encode()).digest()


def to_json(plan: Plan) -> dict[str, Any]:
    phases = [{"bound": one.bound, "asked": asked_.to_json(one.asked)} for one in plan.phases]
    windows = [list(one) for one in plan.windows]
    return plan._asdict() | {"phases": phases, "windows": windows}


def of_json(stored: Mapping[str, Any]) -> Plan:
    """Of what `to_json` wrote; words beside the plan's own are not its business."""
    known = {name: stored[name] for name in Plan._fields if name in stored}
    phases = tuple(
        Phase(one["bound"], asked_.of_json(one["asked"])) for one in known.pop("phases", ())
    )
    windows = tuple((one[0], one[1]) for one in known.pop("windows", ()))
    return Plan(phases=phases or CAREFUL, windows=windows, **known)
