"""When a kiosk should ask for a new certificate. Pure: no clock, no file, no office.

Owns the moments and the pauses. A fleet that enrolled in one hour must not renew in one hour, so
each kiosk has its own moment, drawn from its name. A clock that cannot be right (before the
certificate was made) decides nothing: the office's is asked.
"""

from binascii import crc32
from typing import Final, NamedTuple

DAY_S: Final = 86_400.0
HALF: Final = 0.5
SPREAD: Final = 0.1  # of the certificate's life, after its half
BEHIND_MS: Final = 86_400_000  # a certificate may be a little younger than a good clock
PAUSE_S: Final = (600.0, 6 * 3600.0)
URGENT_S: Final = (60.0, 3600.0)


class Seen(NamedTuple):
    """What is known of the certificate in use. `now`: the office's clock, as far as we know it."""

    kiosk: str
    not_before: int
    not_after: int
    used: bool
    now: int


def due_at(kiosk: str, not_before: int, not_after: int) -> int:
    """Milliseconds: after half its life, each kiosk at its own moment within the next tenth."""
    life = not_after - not_before
    return not_before + int(life * (HALF + SPREAD * crc32(kiosk.encode()) / 2**32))


def clock_is_wrong(seen: Seen) -> bool:
    return seen.now < seen.not_before - BEHIND_MS


def renewal_is_due(seen: Seen) -> bool:
    return seen.now >= due_at(seen.kiosk, seen.not_before, seen.not_after)


def reason_to_ask(seen: Seen, *, refused: bool) -> str:
    """Why the office should be asked now, empty when there is no reason. The office decides."""
    if not seen.used:
        return "the new certificate has not been used yet"
    if clock_is_wrong(seen):
        return "our clock is behind our own certificate"
    if seen.now >= seen.not_after:
        return "our certificate has ended"
    if refused:
        return "the broker refuses us"
    return "our certificate is past its half" if renewal_is_due(seen) else ""


def pause_s(failures: int, *, urgent: bool, jitter: float) -> float:
    """How long to wait after so many failed tries (1 and more); `jitter` from 0 to 1."""
    first, most = URGENT_S if urgent else PAUSE_S
    return float(min(most, first * 2 ** min(failures - 1, 20)) * (0.75 + 0.5 * jitter))
