"""A tenant's working days, as limits are counted in them. Pure.

Owns no rule of its own: wire/service/workdays.py counts. A tenant that told nobody its holidays
has its weekends alone.
"""

from typing import Final, NamedTuple

from wire.service import workdays
from wire.service.tenant import Holidays

JAKARTA: Final = 420
NO_HOLIDAYS: Final = Holidays(days=(), known_until="1970-01-01")


class Calendar(NamedTuple):
    """`offset_min` is the tenant's distance from UTC."""

    holidays: Holidays = NO_HOLIDAYS
    offset_min: int = JAKARTA

    def due(self, start: int, days: int) -> int:
        """The last millisecond of the `days`th working day after `start`."""
        return workdays.due(start, days, self.holidays, self.offset_min)

    def left(self, now: int, due: int) -> int:
        """Working days until `due`: 0 is today, below 0 it is over."""
        return workdays.left(now, due, self.holidays, self.offset_min)
