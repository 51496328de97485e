"""How bright the screen is, in percent of what it can. Proof: the light read back.

The light of a panel is the kernel's: /sys/class/backlight. A monitor of its own is set by the
program in [actions.set_brightness] `run` (with {percent}) and read by `read`. Where the agent may
not write to the kernel, `run` is the unit that may; reading back is then still the kernel's. Never
sets 0: a dark screen is another command's business.
"""

import re
from pathlib import Path
from typing import Final

from agent.actions import programs
from agent.actions.base import Context, Failed, Outcome, done
from agent.probes import sysfs
from wire.actions import Level

WITHIN_S: Final = 4.0
LEAST: Final = 1
NEAR: Final = 4  # panels have steps
_PERCENT = re.compile(r"(?:current value =|C)\s+(\d{1,3})", re.ASCII)


def do(context: Context) -> Outcome:
    percent = max(context.args(Level).percent, LEAST)
    before = read(context)
    context.note_undo(str(before))
    with context.stop.too_late("the brightness is being set"):
        return _set(context, percent, before)


def undo(context: Context) -> Outcome:
    if not re.fullmatch(r"\d{1,3}", context.asked.undo):
        raise Failed("nothing_noted", "nobody knows how bright it was")
    return _set(context, max(int(context.asked.undo), LEAST), read(context))


def read(context: Context) -> int:
    """Raises Failed `unsupported` where nothing can be set."""
    words = context.words("read")
    if words:
        ran = programs.run(words, context.stop, WITHIN_S)
        found = _PERCENT.search(ran.text) if ran.code == 0 else None
        if found is None:
            raise Failed("unsupported", f"the screen does not tell: {ran.err.strip()[:100]}")
        return int(found[1])
    panel, most = _panel(context)
    now = sysfs.number(panel / "brightness")
    if now is None:
        raise Failed("unsupported", f"the panel {panel.name} does not tell its brightness")
    return round(100 * now / most)


def _set(context: Context, percent: int, before: int) -> Outcome:
    words = context.words("run")
    if words:
        programs.must_run(programs.filled(words, percent=percent), context.stop, WITHIN_S)
    else:
        panel, most = _panel(context)
        try:
            (panel / "brightness").write_text(str(max(round(most * percent / 100), 1)), "ascii")
        except OSError as error:
            raise Failed("forbidden", f"{panel.name}: {error.strerror}") from error
    now = read(context)
    facts = {"percent": now, "before": before}
    if abs(now - percent) > NEAR:
        raise Failed("not_taken", f"the light stands at {now} %", facts)
    return done(facts)


def _panel(context: Context) -> tuple[Path, int]:
    for panel in sysfs.folders(context.root / "sys/class/backlight"):
        most = sysfs.number(panel / "max_brightness")
        if most:
            return panel, most
    raise Failed("unsupported", "this kiosk has no light that can be set")
