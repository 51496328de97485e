"""When a release may be switched to. Pure: a Want and a moment in, seconds to wait out.

Owns what a window means on a kiosk whose clock may lie: the office's time counts where it is known,
else the kiosk's own as far as it is believed; with neither, a window never opens by guessing.
"""

from typing import Final

from wire.wants import Want, is_open

MINUTE_MS: Final = 60_000
UNKNOWN_S: Final = 600.0  # until the office may have told the time
MOST_S: Final = 86_400.0


def wait_s(want: Want, now: int | None) -> float:
    """0: it may be switched now. `now` in office ms, None when nobody knows."""
    if now is None:
        return UNKNOWN_S if want.not_before or want.windows else 0.0
    begins = max(now, want.not_before)
    if is_open(want.windows, want.offset_min, begins):
        return min((begins - now) / 1000, MOST_S)
    for minute in range(1, 1441):
        at = (begins // MINUTE_MS + minute) * MINUTE_MS
        if is_open(want.windows, want.offset_min, at):
            return min((at - now) / 1000, MOST_S)
    return MOST_S
