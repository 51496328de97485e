"""What time it is at the office, as far as this kiosk can know: an interval, never a guess. Pure.

Whoever stamped `now` into a signed Batch knew the nonce, so did it after the kiosk drew that; and
before the Batch arrived. Between the two the kiosk's steady clock ran (CLOCK_BOOTTIME, seconds; it
counts through sleep). Every such proof narrows what is known; the steady clock carries it on and
widens it by its own error. The kiosk's real-time clock, which may be dead or lie, is never asked.
It holds for one start of the machine, over restarts of the agent. `floor` outlives that: the
latest moment ever proven. So does `lived`, which the office has no part in: how long this kiosk has
been on, over all starts of the machine, for what must not be asked of whoever signs the time.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from wire.policy import Time

DRIFT: Final = 500e-6  # as much as a clock is slewed by the system, or its quartz is off


class Known(Struct, frozen=True):
    """As journalled. `boot` names the start of the machine in whose seconds the rest is counted.

    The office's clock less the steady one lies between `low` and `high` (ms), as of `at` (s).
    `before`: how long the kiosk had lived before that start, at the least (ms).
    """

    boot: str = ""
    low: float = 0.0
    high: float = 0.0
    at: float = 0.0
    floor: int = 0
    before: float = 0.0


class OfficeClock:
    """`t` is CLOCK_BOOTTIME in seconds everywhere. `known` is what to journal."""

    def __init__(self, boot: str, known: Known | None = None) -> None:
        known = known or Known()
        self._proven = bool(boot) and known.boot == boot
        if not self._proven:
            before = known.before + known.at * 1000 if boot else known.before
            known = Known(boot=boot, floor=known.floor, before=before)
        self.known = known
        self._nonce = ""
        self._drawn = 0.0

    @property
    def nonce(self) -> str:
        """Of the present birth, empty before the first."""
        return self._nonce

    def drew(self, nonce: str, t: float) -> None:
        """A nonce goes out with a birth; those before it prove nothing any more."""
        self._nonce, self._drawn = nonce, t

    def proven(self, now: int, t: float) -> None:
        """A Batch with the present nonce arrived: the office said `now` (ms)."""
        low, high = now - t * 1000, now - self._drawn * 1000
        if self._proven:
            known_low, known_high = self._bounds(t)
            narrowed = max(low, known_low), min(high, known_high)
            # Nothing left: the office's own clock was set. The newer word counts.
            low, high = narrowed if narrowed[0] <= narrowed[1] else (low, high)
        self._proven = True
        floor = max(self.known.floor, now)
        self.known = replace(self.known, low=low, high=high, at=t, floor=floor)

    def forget(self) -> None:
        """Whoever told the time is believed no more, nor what was proven so."""
        self._proven = False
        self.known = replace(self.known, low=0.0, high=0.0, floor=0)

    def lived(self, t: float) -> int:
        """How long this kiosk has been on (ms, never 0); after a cut it may have lost some."""
        return int(self.known.before + t * 1000) + 1

    def time(self, t: float) -> Time | None:
        """None as long as nothing has been proven since this machine started."""
        if not self._proven:
            return None
        low, high = self._bounds(t)
        return Time(int(low + t * 1000), int(high + t * 1000) + 1, self.known.floor)

    def _bounds(self, t: float) -> tuple[float, float]:
        known = self.known  # another thread may replace it
        slack = max(0.0, t - known.at) * 1000 * DRIFT
        return known.low - slack, known.high + slack
