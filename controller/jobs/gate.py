"""Whether the next wave of a job opens, waits, or the job is held or finished. Pure.

Silence is judged by who counts: a kiosk that is online and past its usual time has failed, one
that is away has neither failed nor succeeded.
"""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

# A share of a handful says little: one of four that fails is a kiosk's trouble, not the job's. Who
# wants to stop at the first asks for a count; what cannot be undone stops at the first anyway.
FEW: Final = 3


class Tally(NamedTuple):
    """One wave.

    `working` are open and their kiosk is there, `away` open and it is not; `failed` includes what
    is `silent` though open; `gone` expired or cancelled. `last_end`: when the last of it ended
    (ms), 0: none.
    """

    kiosks: int
    succeeded: int = 0
    failed: int = 0
    working: int = 0
    away: int = 0
    gone: int = 0
    last_end: int = 0
    silent: int = 0


class Rules(NamedTuple):
    """What holds a job.

    `stop_percent` holds from FEW failures on, `stop_count` at so many. `canary`: destructive, so
    any failure before the last wave holds, and then a share from the first on. `pardoned` failures
    were looked at by a person who resumed the job, and waves up to `trusted` need no success any
    more.
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
    """`opened`: waves up to this one may go; `now` in ms."""
    if not any(one.working or one.away or one.silent for one in waves):
        return Decision("finish", _finished(waves))
    ours = waves[:opened]
    too_many = _failures(rules, ours, last=opened == len(waves))
    if too_many:
        return Decision("hold", too_many)
    if opened >= len(waves):
        return Decision("wait", "every wave is open")
    return _next(rules, ours, now)


def _next(rules: Rules, ours: Sequence[Tally], now: int) -> Decision:
    opened = len(ours)
    working = sum(one.working for one in ours)
    if working:
        return Decision("wait", f"{working} kiosks are still at work")
    waiting = _unproven(rules, ours)
    if waiting:
        away = sum(one.away for one in ours)
        return Decision("wait" if away else "hold", waiting)
    since = now - max((one.last_end for one in ours), default=0)
    if since < rules.pause_ms:
        return Decision("wait", f"{(rules.pause_ms - since) // 1000 + 1} s until the next wave")
    return Decision("open", f"wave {opened + 1}")


def _failures(rules: Rules, ours: Sequence[Tally], *, last: bool) -> str:
    """Why it is held; empty while what failed can be borne."""
    kiosks, failed = sum(one.kiosks for one in ours), sum(one.failed for one in ours)
    new = failed - rules.pardoned
    if new <= 0:
        return ""
    said = f"{failed} of {kiosks} kiosks failed"
    if rules.canary and not last:
        return f"{said} before the last wave"
    if rules.stop_count and new >= rules.stop_count:
        return f"{said}: the limit is {rules.stop_count}"
    enough = 1 if rules.canary else FEW
    if rules.stop_percent and new >= enough and new * 100 >= rules.stop_percent * kiosks:
        return f"{said}: the limit is {rules.stop_percent} %"
    return ""


def _unproven(rules: Rules, ours: Sequence[Tally]) -> str:
    """Why what is open does not speak for more; empty when it does."""
    for number, one in enumerate(ours, 1):
        enough = one.kiosks if rules.canary else 1
        if number > rules.trusted and one.succeeded < enough:
            return f"wave {number}: {one.succeeded} of {one.kiosks} kiosks succeeded"
    return ""


def _finished(waves: Sequence[Tally]) -> str:
    succeeded = sum(one.succeeded for one in waves)
    return f"{succeeded} of {sum(one.kiosks for one in waves)} kiosks succeeded"
