"""Whether the next wave of a job opens, waits, or the job is held or finished. Pure.

Silence is judged by who counts: a kiosk that is online and past its usual time has failed, one
that is away has neither failed nor succeeded.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple


class Tally(NamedTuple):
    """One wave: `working` are open and their kiosk is there, `away` open and it is not;
    `gone` expired or cancelled. `last_end`: when the last of it ended (ms), 0: none.
    """

    kiosks: int
    succeeded: int
    failed: int
    working: int
    away: int
    gone: int
    last_end: int


class Rules(NamedTuple):
    """`canary`: destructive, so any failure holds. `pardoned` failures were looked at by a person
    who resumed the job, and waves up to `trusted` need no success any more.
    """

    pause_ms: int
    stop_percent: int
    stop_count: int
    canary: bool
    pardoned: int = 0
    trusted: int = 0


class Decision(NamedTuple):
    what: Literal["open", "wait", "hold", "finish"]
    why: str  # with numbers, English


def decide(rules: Rules, waves: Sequence[Tally], opened: int, now: int) -> Decision:
    """`opened`: waves up to this one may go."""
    raise NotImplementedError
