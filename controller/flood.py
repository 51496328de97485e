"""How much one kiosk may say: a bucket of words for each, so that one cannot drown the others.

Pure: `now` comes in. Only kiosks whose bucket is not full are remembered. The bucket is deep
enough for a kiosk that comes back after weeks with all it saw, and what is refused here is not
acknowledged to the kiosk, so an honest one says it again later and loses nothing.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

DEPTH: Final = 10_000.0  # messages
REFILL_S: Final = 10.0  # messages a second: a hundred times what a busy kiosk says
WORD: Final = 4_096  # bytes that count as one message
MUTED_MS: Final = 10 * 60_000
_SWEEP_MS: Final = 10_000


class _Bucket(NamedTuple):
    left: float
    at: int


class Flood:
    """Asked for every message of the office, so it must be quick. Times are milliseconds."""

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}
        self._muted: dict[str, int] = {}
        self._swept = 0

    def __len__(self) -> int:
        return len(self._buckets)

    def admits(self, kiosk: str, size: int, now: int) -> bool:
        """Whether one more message of `size` bytes may be heard."""
        if now - self._swept > _SWEEP_MS:
            self._sweep(now)
        bucket = self._buckets.get(kiosk)
        left = DEPTH if bucket is None else _filled(bucket, now)
        left -= 1 + size // WORD
        self._buckets[kiosk] = _Bucket(max(left, 0.0), now)
        return left >= 0

    def sentence(self, kiosk: str, now: int) -> int:
        """Until when it is to be shut out; 0 when that has been carried out already."""
        return 0 if self._muted.get(kiosk, 0) > now else now + MUTED_MS

    def carried_out(self, until: Mapping[str, int]) -> None:
        """These sentences are stored."""
        self._muted.update(until)

    def _sweep(self, now: int) -> None:
        """A clock put back makes everybody's bucket full: better than shutting honest ones out."""
        self._swept = now
        kept = {k: b for k, b in self._buckets.items() if _filled(b, now) < DEPTH and b.at <= now}
        self._buckets = kept
        self._muted = {k: until for k, until in self._muted.items() if until > now}


def _filled(bucket: _Bucket, now: int) -> float:
    return min(DEPTH, bucket.left + max(0, now - bucket.at) * REFILL_S / 1000)
