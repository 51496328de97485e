"""What the child knows of time: what the agent told it, carried on by the steady clock.

Owns the conversion and nothing else. The agent proved the office's time once; CLOCK_BOOTTIME has
run since, and the interval widens by what a clock may be off. A kiosk's own clock counts only as
far as it is believed.
"""

from collections.abc import Callable
from typing import Final

from agent.content.floor import Clock, reference
from agent.content.told import Told

DRIFT: Final = 500e-6


class Times:
    """`rtc` in ms since 1970, `boottime` in s. `floor`: the latest signed moment in ms."""

    def __init__(
        self,
        told: Told,
        rtc: Callable[[], int],
        boottime: Callable[[], float],
        floor: Callable[[], int],
    ) -> None:
        self._told, self._rtc, self._boottime, self._floor = told, rtc, boottime, floor

    @property
    def clock(self) -> Clock:
        """As `trust` and `meter` want it."""
        return Clock(self._rtc, self.low)

    def low(self) -> int | None:
        """Office time that surely has passed; None when none was told since the machine started."""
        if self._told.time is None:
            return None
        low, _, at = self._told.time
        ran = max(0.0, self._boottime() - at) * 1000
        return int(low + ran * (1 - DRIFT))

    def office(self) -> int | None:
        """The time for windows; None when neither the office nor our own clock can be believed."""
        if (low := self.low()) is not None:
            return low
        return self._rtc() if self.believed else None

    @property
    def believed(self) -> bool:
        """Whether the kiosk's own clock agrees with what was signed."""
        return reference(self._rtc(), None, max(self._floor(), self._told.floor)).believed
