"""Working days of a government: Monday to Friday without holidays and common leave. Pure.

The day on which something arrives does not count: a limit of one working day that begins on a
Friday ends with Monday. Beyond `known_until` nobody has said yet which days are holidays; there
only weekends are left out, and `known` says so.
"""

from wire.service import days as civil
from wire.service.days import DAY_MS, Date
from wire.service.tenant import Holidays

_SATURDAY = 5


class Calendar:
    """Holidays, read once. Raises ValueError when one of its days is none."""

    def __init__(self, holidays: Holidays) -> None:
        self._free = frozenset(civil.parse(day) for day in holidays.days)
        self._until = civil.parse(holidays.known_until)

    def works(self, day: Date) -> bool:
        return civil.weekday(day) < _SATURDAY and day not in self._free

    def known(self, day: Date) -> bool:
        return day <= self._until

    def after(self, day: Date, working_days: int) -> Date:
        """The so many-th working day after a day; with 0 the day itself, or the next that works.

        Raises ValueError beyond the year 9999.
        """
        if working_days <= 0:
            return day if self.works(day) else self.after(day, 1)
        for _ in range(working_days):
            day = civil.plus(day, 1)
            while not self.works(day):
                day = civil.plus(day, 1)
        return day

    def between(self, first: Date, last: Date) -> int:
        """Working days after `first` up to and with `last`, negative when `last` is earlier."""
        if last < first:
            return -self.between(last, first)
        count = _weekdays(last) - _weekdays(first)
        return count - sum(
            1 for day in self._free if first < day <= last and civil.weekday(day) < _SATURDAY
        )


def due(start_ms: int, days: int, holidays: Holidays, offset_min: int) -> int:
    """When a limit of so many working days is over: the last millisecond of its last day.

    `start_ms` and the answer are Unix milliseconds.
    """
    last = Calendar(holidays).after(civil.from_millis(start_ms, offset_min), days)
    return civil.start(last, offset_min) + DAY_MS - 1


def left(now_ms: int, due_ms: int, holidays: Holidays, offset_min: int) -> int:
    """Working days until a limit is over: 0 on its last day, negative once it is over."""
    today, last = (civil.from_millis(moment, offset_min) for moment in (now_ms, due_ms))
    return Calendar(holidays).between(today, last)


def _weekdays(day: Date) -> int:
    """How many Mondays to Fridays there were up to and with a day."""
    weeks, rest = divmod(civil.ordinal(day), 7)
    return weeks * 5 + min(rest, 5)
