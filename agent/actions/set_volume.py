"""How loud the kiosk is, in percent of what it can. Proof: the mixer read back.

The mixer is a program of the system: `amixer` unless [actions.set_volume] names `run` (with
{percent}) and `read`, which prints a percentage or, as wpctl does, a number from 0 to 1.
"""

import re
from typing import Final

from agent.actions import programs
from agent.actions.base import Context, Failed, Outcome, done
from wire.actions import Level

RUN: Final = ("amixer", "-q", "-M", "sset", "Master", "{percent}%", "unmute")
READ: Final = ("amixer", "-M", "sget", "Master")
WITHIN_S: Final = 5.0
NEAR: Final = 3  # mixers have steps
_PERCENT = re.compile(r"(\d{1,3})\s?%", re.ASCII)
_PART = re.compile(r"Volume:\s+([01]\.\d+)", re.ASCII)


def do(context: Context) -> Outcome:
    percent = context.args(Level).percent
    before = read(context)
    context.note_undo(str(before))
    with context.stop.too_late("the volume is being set"):
        return _set(context, percent, before)


def undo(context: Context) -> Outcome:
    if not re.fullmatch(r"\d{1,3}", context.asked.undo):
        raise Failed("nothing_noted", "nobody knows how loud it was")
    return _set(context, int(context.asked.undo), read(context))


def _set(context: Context, percent: int, before: int) -> Outcome:
    words = context.words("run") or list(RUN)
    programs.must_run(programs.filled(words, percent=percent), context.stop, WITHIN_S)
    now = read(context)
    facts = {"percent": now, "before": before}
    if abs(now - percent) > NEAR:
        raise Failed("not_taken", f"the mixer stands at {now} %", facts)
    return done(facts)


def read(context: Context) -> int:
    """Raises Failed `unsupported` where there is no mixer."""
    words = context.words("read") or list(READ)
    ran = programs.run(words, context.stop, WITHIN_S)
    said = ran.text
    if ran.code == 0 and (found := _PERCENT.search(said)):
        return int(found[1])
    if ran.code == 0 and (found := _PART.search(said)):
        return round(100 * float(found[1]))
    raise Failed("unsupported", f"this kiosk has no mixer: {ran.err.strip() or said[:80]}")
