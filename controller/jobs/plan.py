"""How a job is spread over time: waves, rate, windows, jitter. Pure; the same seed, the same plan.

Only says when each kiosk may begin at the earliest. Whether the next wave opens at all is decided
by results: gate.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

CANARY: Final = ("1", "5%", "100%")


class CannotPlan(ValueError):  # noqa: N818 - says what happened
    """Whoever asks must ask for something else: a window that never opens, too little time."""


class Window(NamedTuple):
    """Opens at each moment of `cron` (five fields) in `zone`, for `minutes`."""

    cron: str
    minutes: int
    zone: str = "Asia/Jakarta"


class Plan(NamedTuple):
    """`waves`: how many in all after each: a number or a share; the last is all of them.

    `rate_per_min` 0: no limit. `stop_failed_percent` (of the kiosks in opened waves) and
    `stop_failed_count` hold the job; 0: never.
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


def to_json(plan: Plan) -> dict[str, Any]:
    raise NotImplementedError


def of_json(stored: Mapping[str, Any]) -> Plan:
    raise NotImplementedError


def check(plan: Plan) -> None:
    """Raises CannotPlan for what no job may have."""
    raise NotImplementedError


def careful(plan: Plan) -> Plan:
    """With the waves of a canary added."""
    raise NotImplementedError


def sizes(waves: Sequence[str], count: int) -> list[int]:
    """Kiosks in each wave, empty ones left out."""
    raise NotImplementedError


def schedule(plan: Plan, kiosks: Sequence[str], start: int, end: int, seed: str) -> dict[str, Slot]:
    """When each kiosk may begin, in the order given, from `start` on (ms).

    Raises CannotPlan when one of them would come at or after `end`.
    """
    raise NotImplementedError
