"""Working days of a government: Monday to Friday without holidays and common leave. Pure.

The day on which something arrives does not count: a limit of one working day that begins on a
Friday ends with Monday. Beyond `known_until` nobody has said yet which days are holidays; there
only weekends are left out, and `known` says so.
"""

from wire.service.days import Date
from wire.service.tenant import Holidays


class Calendar:
    """Holidays, read once. Raises ValueError when one of its days is none."""

    def __init__(self, holidays: Holidays) -> None:
        raise NotImplementedError

    def works(self, day: Date) -> bool:
        raise NotImplementedError

    def known(self, day: Date) -> bool:
        raise NotImplementedError

    def after(self, day: Date, working_days: int) -> Date:
        """The so many-th working day after a day; with 0 the day itself, or the next that works."""
        raise NotImplementedError

    def between(self, first: Date, last: Date) -> int:
        """Working days after `first` up to and with `last`, negative when `last` is earlier."""
        raise NotImplementedError


def due(start_ms: int, days: int, holidays: Holidays, offset_min: int) -> int:
    """When a limit of so many working days is over: the last millisecond of its last day.

    `start_ms` and the answer are Unix milliseconds.
    """
    raise NotImplementedError


def left(now_ms: int, due_ms: int, holidays: Holidays, offset_min: int) -> int:
    """Working days until a limit is over: 0 on its last day, negative once it is over."""
    raise NotImplementedError
