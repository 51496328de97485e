"""How many bytes may still cross the line, and when: budgets of the day and month, quiet hours.

Owns <state>/content/meter.json. Counts what the line sends and receives; what neighbours give costs
nothing and is not counted. Days are those of the people there, and each has a page of its own: a
clock that begins in 1970 at every start, or jumps, finds the page of the right day again. A power
cut may lose a count of the last moments, never the books.
"""

import contextlib
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from agent import disk
from agent.content.floor import LAST_MS
from agent.content.trouble import NotNow
from wire.content import Window, is_open

MINUTE_MS: Final = 60_000
PAGES: Final = 40  # those that were written on last
_SAVE_EVERY: Final = 256 * 1024
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


class _Book(msgspec.Struct):
    """Bytes by day ("2026-11-22") and by month ("2026-11")."""

    pages: dict[str, int] = {}

    def add(self, page: str, size: int) -> None:
        self.pages[page] = self.pages.pop(page, 0) + size
        while len(self.pages) > PAGES:
            del self.pages[next(iter(self.pages))]


class Meter:
    """Budgets in bytes, 0: no limit. `now` in ms since 1970; the local day is `offset_min` ahead.

    Raises ValueError for quiet hours that are none, for whoever wrote agent.toml.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], int],
        day_bytes: int = 0,
        month_bytes: int = 0,
        quiet: Iterable[str] = (),
        offset_min: int = 420,
    ) -> None:
        self._path, self._now, self._offset_min = path, now, offset_min
        self._day_most, self._month_most = day_bytes, month_bytes
        self._quiet = tuple(map(hours, quiet))
        self._book = self._read()
        self._unsaved = 0

    def allow(self) -> None:
        """Raises NotNow with the seconds until it may be asked again."""
        now = self._now()
        if self._quiet and is_open(self._quiet, self._offset_min, now):
            raise NotNow("quiet hours", again_s=self._until_quiet_ends(now))
        local = self._local(now)
        day, month = self._used(local)
        if self._month_most and month >= self._month_most:
            first = (local.replace(day=1) + timedelta(days=32)).replace(day=1)
            raise NotNow("the budget of the month is used up", again_s=_until(local, first))
        if self._day_most and day >= self._day_most:
            tomorrow = local + timedelta(days=1)
            raise NotNow("the budget of the day is used up", again_s=_until(local, tomorrow))

    def count(self, size: int) -> None:
        """So many bytes have crossed the line."""
        for page in _pages(self._local(self._now())):
            self._book.add(page, size)
        self._unsaved += size
        if self._unsaved >= _SAVE_EVERY:
            self.save()

    def save(self) -> None:
        """Write the books; a disk that refuses must not stop what is on its way."""
        with contextlib.suppress(OSError):
            disk.replace(self._path, msgspec.json.encode(self._book))
            self._unsaved = 0

    def left(self) -> int | None:
        """Bytes that may still cross today, None without a limit."""
        day, month = self._used(self._local(self._now()))
        limits = ((self._day_most, day), (self._month_most, month))
        return min((max(0, most - used) for most, used in limits if most), default=None)

    def _used(self, local: datetime) -> tuple[int, int]:
        """Of that day, and of its month."""
        day, month = (self._book.pages.get(page, 0) for page in _pages(local))
        return day, month

    def _local(self, now: int) -> datetime:
        utc = datetime.fromtimestamp(min(now, LAST_MS) / 1000, UTC)
        return utc + timedelta(minutes=self._offset_min)

    def _until_quiet_ends(self, now: int) -> float:
        for minute in range(1, 1441):
            if not is_open(self._quiet, self._offset_min, now + minute * MINUTE_MS):
                return float(minute * 60 - (now // 1000) % 60)
        return 86_400.0

    def _read(self) -> _Book:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Book)
        except (OSError, msgspec.MsgspecError, ValueError):
            return _Book()


def hours(text: str) -> Window:
    """What "22:00-06:00" means, in minutes of the day. Raises ValueError."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(f'quiet = "{text}": hours are written "07:00-16:00"')
    since_h, since_m, until_h, until_m = map(int, found.groups())
    return Window(since=since_h * 60 + since_m, until=until_h * 60 + until_m)


def _pages(local: datetime) -> tuple[str, str]:
    return local.strftime("%Y-%m-%d"), local.strftime("%Y-%m")


def _until(local: datetime, day: datetime) -> float:
    """Seconds from `local` to the beginning of the day of `day`."""
    return (day.replace(hour=0, minute=0, second=0, microsecond=0) - local).total_seconds()
