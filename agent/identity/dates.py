"""Whether this kiosk's clock is known to be wrong, as far as its own identity can tell.

A clock that is behind our own certificate, or that the office has just contradicted, cannot judge
whether the broker's certificate has ended. Reads two small files and decides nothing else.
"""

import time
from pathlib import Path

import msgspec

from agent.identity.plan import BEHIND_MS
from agent.identity.slots import ABOUT, About, Slots


def floor_if_clock_is_wrong(cert: str, wall_ms: int | None = None) -> int | None:
    """The latest moment this identity proves, when our clock is wrong; None when it may be right.

    `cert` lies as agent.config says; one that lies elsewhere proves nothing. Milliseconds.
    """
    now = time.time_ns() // 1_000_000 if wall_ms is None else wall_ms
    folder = Path(cert).parent
    try:
        about = msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
    except (OSError, msgspec.DecodeError):
        return None
    off_ms = Slots(folder.parent.parent).state().clock_off_ms
    wrong = now < about.not_before - BEHIND_MS or abs(off_ms) > BEHIND_MS
    return about.not_before if wrong else None
