"""How a job is spread over time: waves, rate, windows, jitter. Pure; the same seed, the same plan.

Only says when each kiosk may begin at the earliest. Whether the next wave opens at all is decided
by results: gate.py.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

CANARY: Final = ("1", "5%", "100%")
MOST_WAVES: Final = 20
MOST_PAUSE_S: Final = 7 * 86_400
MOST_RATE: Final = 100_000
MOST_JITTER_S: Final = 86_400
MOST_MINUTES: Final = 7 * 1440
_BOUND: Final = re.compile(r"[1-9][0-9]{0,6}%?")
_CRON: Final = re.compile(r"[0-9A-Za-z*/,#-]{1,40}( [0-9A-Za-z*/,#-]{1,40}){4}")
_ZONE: Final = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}")
_MINUTE: Final = 60_000
_BEYOND: Final = 253_370_000_000_000  # the calendar ends soon after


class CannotPlan(ValueError):  # noqa: N818 - says what happened
    """Whoever asks must ask for something else: a window that never opens, too little time."""


class Window(NamedTuple):
    """Opens at each moment of `cron` (five fields) in `zone`, for `minutes`."""

    cron: str
    minutes: int
    zone: str = "Asia/Jakarta"


class Plan(NamedTuple):
    """`waves`: how many in all after each: a number or a share; the last is all of them.

    `rate_per_min` 0: no limit. `stop_failed_percent` (of the kiosks in opened waves, and from a
    few failures on, gate.py) and `stop_failed_count` hold the job; 0: never.
    """

    waves: tuple[str, ...] = ("100%",)
    pause_s: int = 0
    rate_per_min: int = 0
    window: Window | None = None
    jitter_s: int = 0
    stop_failed_percent: int = 20
    stop_failed_count: int = 0


class Slot(NamedTuple):
    """`wave` from 1; `after`: milliseconds."""

    wave: int
    after: int


_RANGES: Final = {
    "pause_s": MOST_PAUSE_S,
    "rate_per_min": MOST_RATE,
    "jitter_s": MOST_JITTER_S,
    "stop_failed_percent": 100,
    "stop_failed_count": 1_000_000,
}


def to_json(plan: Plan) -> dict[str, Any]:
    window = plan.window._asdict() if plan.window is not None else None
    return plan._asdict() | {"waves": list(plan.waves), "window": window}


def of_json(stored: Mapping[str, Any]) -> Plan:
    """Of what `to_json` wrote; words beside the plan's own are not its business."""
    known = {name: stored[name] for name in Plan._fields if name in stored}
    window = known.get("window")
    made = Plan(**known | {"window": Window(**window) if window else None})
    return made._replace(waves=tuple(made.waves))


def check(plan: Plan) -> None:
    """Raises CannotPlan for what no job may have."""
    if not 1 <= len(plan.waves) <= MOST_WAVES or plan.waves[-1] != "100%":
        raise CannotPlan(f"1 to {MOST_WAVES} waves, and the last is 100%")
    for one in plan.waves:
        if not _BOUND.fullmatch(one) or (one.endswith("%") and int(one[:-1]) > 100):
            raise CannotPlan(f"a wave is a number of kiosks or a share like 5%, not {one[:16]!r}")
    for name, most in _RANGES.items():
        if not 0 <= getattr(plan, name) <= most:
            raise CannotPlan(f"{name} is 0 to {most}")
    if plan.window is not None:
        _openings(plan.window, 0)


def careful(plan: Plan) -> Plan:
    """With the waves of a canary added; those asked for stay."""
    return plan._replace(waves=(*CANARY[:-1], *plan.waves))


def sizes(waves: Sequence[str], count: int) -> list[int]:
    """Kiosks in each wave, empty ones left out. Waves need no order: each is a cut."""
    cuts = sorted({min(count, _bound(one, count)) for one in waves} | {count})
    return [high - low for low, high in zip([0, *cuts], cuts, strict=False) if high > low]


def schedule(plan: Plan, kiosks: Sequence[str], start: int, end: int, seed: str) -> dict[str, Slot]:
    """When each kiosk may begin, in the order given, from `start` on (ms).

    Raises CannotPlan when one of them would come at or after `end`.
    """
    check(plan)
    dice = random.Random(seed)  # noqa: S311 - spreads load, hides nothing
    step = -(-60_000 // plan.rate_per_min) if plan.rate_per_min else 0
    open_hours, moment, last = _Hours(plan.window, start, end), start, start
    found: dict[str, Slot] = {}
    names = iter(kiosks)
    for wave, size in enumerate(sizes(plan.waves, len(kiosks)), 1):
        for name in (next(names) for _ in range(size)):
            moment, closes = open_hours.next(moment)
            jitter = dice.randint(0, plan.jitter_s * 1000) if plan.jitter_s else 0
            after = min(moment + jitter, closes - 1)
            found[name] = Slot(wave, after)
            last, moment = max(last, after), moment + step
        moment = max(moment, last + plan.pause_s * 1000)
    if last >= end:
        raise CannotPlan(_too_long(last, end))
    return found


def missed(plan: Plan, name: str, now: int) -> int:
    """When whoever missed its turn may go: `now` while the window is open, or when it opens next.

    All who missed theirs would go together when it opens: each has a moment of its own, drawn from
    its hexadecimal `name`, within the jitter, or the whole window where there is a rate.
    Raises CannotPlan when it never opens again.
    """
    opens, closes = _span(plan.window, now // _MINUTE) if plan.window else (now, now)
    if opens <= now:
        return now
    room = closes - opens if plan.rate_per_min else min(closes - opens, plan.jitter_s * 1000 + 1)
    return opens + int(name, 16) % room


@lru_cache(maxsize=256)
def _span(window: Window, minute: int) -> tuple[int, int]:
    """When it opens and closes, the first that is not over in this minute; cron knows no less."""
    hours = _Hours(window, minute * _MINUTE, _BEYOND)
    return hours.next(minute * _MINUTE)


class _Hours:
    """The moments that are allowed, asked for in growing order."""

    def __init__(self, window: Window | None, start: int, end: int) -> None:
        self._end = end
        self._span = window.minutes * 60_000 if window else 0
        self._openings = _openings(window, start) if window else None
        self._opens, self._closes = (0, 0) if window else (0, _BEYOND)

    def next(self, moment: int) -> tuple[int, int]:
        """The first allowed moment from `moment` on, and when it closes. Raises CannotPlan."""
        while moment >= self._closes:
            opens = next(self._openings, _BEYOND) if self._openings else _BEYOND
            if opens >= self._end:
                raise CannotPlan("its window does not open (often enough) before it expires")
            self._opens, self._closes = opens, opens + self._span
        return max(moment, self._opens), self._closes


def _openings(window: Window, start: int) -> Iterator[int]:
    """When it opens, from the one on that may still be open at `start`. Raises CannotPlan."""
    if not 1 <= window.minutes <= MOST_MINUTES:
        raise CannotPlan(f"a window is open for 1 to {MOST_MINUTES} minutes")
    if not _CRON.fullmatch(window.cron):
        raise CannotPlan("a window's cron has five fields: minute hour day month weekday")
    if not _ZONE.fullmatch(window.zone):
        raise CannotPlan(f"there is no time zone {window.zone[:40]!r}")
    try:
        zone = ZoneInfo(window.zone)
        local = datetime.fromtimestamp(start / 1000, zone)
        ticks = CronSim(window.cron, local - timedelta(minutes=window.minutes + 120))
    except (ZoneInfoNotFoundError, OSError, ValueError):
        raise CannotPlan(f"there is no time zone {window.zone!r}") from None
    except CronSimError as error:
        raise CannotPlan(f"the window's cron: {error}") from None
    return (int(one.timestamp() * 1000) for one in ticks)


def _bound(wave: str, count: int) -> int:
    if wave.endswith("%"):
        return -(-count * int(wave[:-1]) // 100)
    return int(wave)


def _too_long(last: int, end: int) -> str:
    late = (last - end) // 60_000 + 1
    return f"the last kiosk's turn comes {late} min too late: allow more time, or ask for less"
