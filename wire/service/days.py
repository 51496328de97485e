"""Civil days without a clock: what a date is, which weekday, how many days between two.

Pure: neither asks for the time nor knows time zones; who has a moment gives the tenant's offset
with it (Bandung: 420 minutes, and no summer time). The calendar is the proleptic Gregorian one of
the years 1 to 9999.
"""

import re
from typing import Final, NamedTuple

MINUTE_MS: Final = 60_000
DAY_MS: Final = 86_400_000
_EPOCH: Final = 719_163  # ordinal of 1970-01-01, as 0001-01-01 is 1
_LAST: Final = 3_652_059  # of 9999-12-31
_FOUR_CENTURIES: Final = 146_097
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTHS: Final = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "su": "Januari Pébruari Maret April Méi Juni Juli Agustus Séptémber Oktober Nopémber Désémber",
    "en": "January February March April May June July August September October November December",
}


class Date(NamedTuple):
    """A day. Two compare as days do."""

    year: int
    month: int
    day: int


def date(year: int, month: int, day: int) -> Date:
    """Raises ValueError when there is no such day."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= _length(year, month)):
        raise ValueError(f"there is no day {year}-{month}-{day}")
    return Date(year, month, day)


def parse(text: str) -> Date:
    """Of exactly YYYY-MM-DD. Raises ValueError."""
    found = _ISO.fullmatch(text)
    if not found:
        raise ValueError("a date is YYYY-MM-DD")
    return date(*map(int, found.groups()))


def iso(day: Date) -> str:
    """YYYY-MM-DD."""
    return f"{day.year:04}-{day.month:02}-{day.day:02}"


def from_millis(moment: int, offset_min: int) -> Date:
    """The day on which a moment (Unix milliseconds) falls, so many minutes east of UTC.

    Raises ValueError outside the years 1 to 9999.
    """
    return from_ordinal((moment + offset_min * MINUTE_MS) // DAY_MS + _EPOCH)


def clock(moment: int, offset_min: int) -> str:
    """HH:MM of a moment (Unix milliseconds)."""
    minutes = (moment + offset_min * MINUTE_MS) % DAY_MS // MINUTE_MS
    return f"{minutes // 60:02}:{minutes % 60:02}"


def start(day: Date, offset_min: int) -> int:
    """Its first moment in Unix milliseconds. It ends DAY_MS later."""
    return (ordinal(day) - _EPOCH) * DAY_MS - offset_min * MINUTE_MS


def ordinal(day: Date) -> int:
    """1 for 0001-01-01, as datetime.date.toordinal."""
    years = day.year - (day.month <= 2)  # years begin with March: a leap day is the last of one
    since_march = (153 * ((day.month - 3) % 12) + 2) // 5
    return 365 * years + years // 4 - years // 100 + years // 400 + since_march + day.day - 306


def from_ordinal(number: int) -> Date:
    """Raises ValueError outside the years 1 to 9999."""
    if not 1 <= number <= _LAST:
        raise ValueError("that day is outside the calendar")
    era, day = divmod(number + 305, _FOUR_CENTURIES)
    year = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    rest = day - (365 * year + year // 4 - year // 100)
    months = (5 * rest + 2) // 153
    month = (months + 2) % 12 + 1
    return Date(400 * era + year + (month <= 2), month, rest - (153 * months + 2) // 5 + 1)


def plus(day: Date, days: int) -> Date:
    """So many days later, or earlier. Raises ValueError outside the years 1 to 9999."""
    return from_ordinal(ordinal(day) + days)


def weekday(day: Date) -> int:
    """0 is Monday."""
    return (ordinal(day) - 1) % 7


def age(born: Date, today: Date) -> int:
    """Whole years. Who was born on 29 February grows older on 1 March. Below 0: not born yet."""
    return today.year - born.year - (today[1:] < born[1:])


def spelled(day: Date, language: str = "id") -> str:
    """As in 22 November 2026, in one of the three languages."""
    months = _MONTHS.get(language, _MONTHS["id"]).split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


def _length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
