"""Every probe of this kiosk once, side by side, each within its own time limit.

A probe that hangs is said to hang and left behind; this process ends soon anyway.
"""

import threading
import time
from typing import Final

from agent.actions.base import Context
from agent.config import BadConfig
from agent.probes.base import Finding, Probe, cannot_tell
from agent.table import make

MOST_S: Final = 20.0
LOOK_EVERY_S: Final = 0.05


def look_at_all(context: Context) -> dict[str, Finding]:
    """By name. Raises like a wait does."""
    found: dict[str, Finding] = {}
    until: dict[str, float] = {}
    for name, options in context.config.options().items():
        try:
            probe = make({name: options})[0]
        except BadConfig as error:
            found[name] = cannot_tell(str(error))
            continue
        until[name] = time.monotonic() + min(probe.timeout_s, MOST_S)
        threading.Thread(target=_look, args=(name, probe, found), daemon=True).start()
    told = 0
    while waiting := [name for name in until if name not in found]:
        late = [name for name in waiting if time.monotonic() > until[name]]
        found.update({name: cannot_tell("it does not answer in time") for name in late})
        if len(waiting) != told:
            told = len(waiting)
            context.progress(5 + 20 * len(found) // (len(found) + told), ", ".join(waiting))
        context.stop.wait(LOOK_EVERY_S)
    return {name: found[name] for name in context.config.options()}


def _look(name: str, probe: Probe, found: dict[str, Finding]) -> None:
    try:
        seen = probe.observe()
    except Exception as error:  # noqa: BLE001 - whatever a device makes of it, it is a reading
        seen = cannot_tell(f"{type(error).__name__}: {error}")
    found.setdefault(name, seen)
