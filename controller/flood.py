"""How much one kiosk may say: a bucket of points for each, so that one cannot drown the others.

Pure: `now` comes in. What an honest kiosk paces by the office's answers, its facts, is cheap; all
else is dear, because no kiosk has much of it to say. The bucket is deep enough for a kiosk that
comes back after weeks with all it saw, and deeper for one that the office did not hear meanwhile:
then the broker kept its words. What is refused here is not acknowledged to the kiosk, so an honest
one says it again later and loses nothing.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

DEPTH: Final = 10_000.0  # points: as many facts, or a thousand other messages
REFILL_S: Final = 100.0  # points a second: ten readings, a hundred times what a busy kiosk says
DEAR: Final = 10.0  # points for what is no fact
IN_FLIGHT: Final = 64  # facts that a kiosk says before it waits for the office
UNHEARD_S: Final = 2.0  # points a second for what waited: twice what a busy kiosk says
MOST_UNHEARD: Final = 500_000.0
WORD: Final = 4_096  # bytes that count as one message
MUTED_MS: Final = 10 * 60_000
_SWEEP_MS: Final = 10_000
_LONG_MS: Final = 60_000
_MOST_GRANTED: Final = 100_000


class Said(NamedTuple):
    """One message. `unheard_ms`: how long before this batch the kiosk was stored last."""

    kiosk: str
    kind: str
    size: int
    unheard_ms: int = 0


class _Bucket(NamedTuple):
    left: float
    at: int


class Flood:
    """Asked for every message of the office, so it must be quick. Times are milliseconds.

    A batch begins with `begin`; one that could not be stored, and so is given again, ends with
    `undo`: else a database that is away would use up what kiosks may say.
    """

    def __init__(self, muted_ms: int = MUTED_MS) -> None:
        self._muted_ms = muted_ms
        self._buckets: dict[str, _Bucket] = {}
        self._muted: dict[str, int] = {}
        self._granted: dict[str, int] = {}  # when the silence began that it was given points for
        self._swept = 0
        self._before: dict[str, _Bucket | None] = {}
        self._facts: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def begin(self) -> None:
        self._before.clear()
        self._facts.clear()

    def undo(self) -> None:
        for kiosk, bucket in self._before.items():
            if bucket is None:
                self._buckets.pop(kiosk, None)
                self._granted.pop(kiosk, None)
            else:
                self._buckets[kiosk] = bucket
        self.begin()

    def admits(self, said: Said, now: int) -> bool:
        """Whether one more message may be heard."""
        if now - self._swept > _SWEEP_MS:
            self._sweep(now)
        kiosk = said.kiosk
        bucket = self._buckets.get(kiosk)
        self._before.setdefault(kiosk, bucket)
        left = self._first(said, now) if bucket is None else _filled(bucket, now)
        left -= self._price(said) * (1 + said.size // WORD)
        self._buckets[kiosk] = _Bucket(max(left, 0.0), now)
        return left >= 0

    def sentence(self, kiosk: str, now: int) -> int:
        """Until when it is to be shut out; 0 when that has been carried out already."""
        return 0 if self._muted.get(kiosk, 0) > now else now + self._muted_ms

    def carried_out(self, until: Mapping[str, int]) -> None:
        """These sentences are stored."""
        self._muted.update(until)

    def _price(self, said: Said) -> float:
        """Who says more facts than it may before our answer does not wait for answers."""
        if said.kind != "flip":
            return DEAR
        facts = self._facts[said.kiosk] = self._facts.get(said.kiosk, 0) + 1
        return 1.0 if facts <= IN_FLIGHT else DEAR

    def _first(self, said: Said, now: int) -> float:
        """A full bucket, and once for every long silence the points for it."""
        began = now - said.unheard_ms
        granted = self._granted.get(said.kiosk)
        if said.unheard_ms < _LONG_MS or (granted is not None and began <= granted):
            return DEPTH
        if len(self._granted) >= _MOST_GRANTED:
            self._granted.clear()
        self._granted[said.kiosk] = began + _LONG_MS
        return DEPTH + min(said.unheard_ms * UNHEARD_S / 1000, MOST_UNHEARD)

    def _sweep(self, now: int) -> None:
        """A clock put back makes everybody's bucket full: better than shutting honest ones out."""
        self._swept = now
        self._buckets = {k: b for k, b in self._buckets.items() if _in_use(b, now)}
        self._muted = {k: until for k, until in self._muted.items() if until > now}


def _filled(bucket: _Bucket, now: int) -> float:
    refilled = min(DEPTH, bucket.left + max(0, now - bucket.at) * REFILL_S / 1000)
    return max(bucket.left, refilled)


def _in_use(bucket: _Bucket, now: int) -> bool:
    if bucket.at > now:
        return False
    return now - bucket.at < _SWEEP_MS or _filled(bucket, now) < DEPTH
