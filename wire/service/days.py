"""Civil days without a clock: what a date is, which weekday, how many days between two.

Pure: neither asks for the time nor knows time zones; who has a moment gives the tenant's offset
with it (Bandung: 420 minutes, and no summer time). The calendar is the proleptic Gregorian one of
the years 1 to 9999.
"""

from typing import Final, NamedTuple

MINUTE_MS: Final = 60_000
DAY_MS: Final = 86_400_000
_EPOCH: Final = 719_163  # ordinal of 1970-01-01, as 0001-01-01 is 1


class Date(NamedTuple):
    """A day. Two compare as days do."""

    year: int
    month: int
    day: int


def date(year: int, month: int, day: int) -> Date:
    """Raises ValueError when there is no such day."""
    raise NotImplementedError


def parse(text: str) -> Date:
    """Of exactly YYYY-MM-DD. Raises ValueError."""
    raise NotImplementedError


def iso(day: Date) -> str:
    """YYYY-MM-DD."""
    raise NotImplementedError


def from_millis(moment: int, offset_min: int) -> Date:
    """The day on which a moment (Unix milliseconds) falls, so many minutes east of UTC."""
    raise NotImplementedError


def clock(moment: int, offset_min: int) -> str:
    """HH:MM of a moment (Unix milliseconds)."""
    raise NotImplementedError


def start(day: Date, offset_min: int) -> int:
    """Its first moment in Unix milliseconds. It ends DAY_MS later."""
    raise NotImplementedError


def ordinal(day: Date) -> int:
    """1 for 0001-01-01, as datetime.date.toordinal."""
    raise NotImplementedError


def from_ordinal(number: int) -> Date:
    """Raises ValueError outside the years 1 to 9999."""
    raise NotImplementedError


def plus(day: Date, days: int) -> Date:
    """So many days later, or earlier. Raises ValueError outside the years 1 to 9999."""
    return from_ordinal(ordinal(day) + days)


def weekday(day: Date) -> int:
    """0 is Monday."""
    raise NotImplementedError


def age(born: Date, today: Date) -> int:
    """Whole years. Who was born on 29 February grows older on 1 March. Below 0: not born yet."""
    raise NotImplementedError


def spelled(day: Date, language: str = "id") -> str:
    """As in 22 November 2026, in one of the three languages."""
    raise NotImplementedError
