"""Moments as citizens read them, in their language and by the clock of their government.

Owns the words of time that a page shows: a clock, a day with its weekday, since when.
"""

from dataclasses import dataclass

from portal import hours
from portal.texts import Texts
from wire.service import days


@dataclass(frozen=True)
class Times:
    """`now` in Unix milliseconds."""

    texts: Texts
    now: int
    offset_min: int

    @property
    def today(self) -> str:
        """YYYY-MM-DD."""
        return days.iso(days.from_millis(self.now, self.offset_min))

    def clock(self, moment: int) -> str:
        return hours.clock(moment, self.offset_min)

    def day(self, moment: int) -> str:
        """Senin, 23 November 2026."""
        day = days.from_millis(moment, self.offset_min)
        return f"{self.weekday(days.weekday(day))}, {days.spelled(day, self.texts.language)}"

    def weekday(self, number: int) -> str:
        """0 is Monday."""
        return self.texts("time.weekdays").split()[number]

    def near(self, moment: int) -> str:
        """Only the clock for a moment of today, else its day and the clock."""
        day = days.from_millis(moment, self.offset_min)
        if days.iso(day) == self.today:
            return self.clock(moment)
        name = self.weekday(days.weekday(day))
        return f"{name} {day.day}/{day.month}, {self.clock(moment)}"
