"""How often wrong digits were tried, by record and by kiosk: the registrar's own brake.

The door has tighter ones, and they count what citizens do; these hold when the door itself is in
a thief's hands, database and all. So nothing of it lies in the database: counters are in memory,
and a file beside the keys lets them outlive a restart (not a cut of the power: it is a brake, no
record). A day is one of UTC, and a clock that is put back begins none anew.
"""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from controller.registrar.client import CannotOpen
from wire.service.days import DAY_MS

FILE: Final = "tries"
MOST_OF_RECORD: Final = 40  # a day; the door lets 25 through
MOST_OF_KIOSK: Final = 400  # a day, of all records that one kiosk handed in
MOST_FILE: Final = 16 * 1024 * 1024  # bytes; what comes after it is counted in memory alone


class Tries:
    """`path` of the file; `wall` gives milliseconds since 1970. For many threads."""

    def __init__(self, path: Path, wall: Callable[[], int]) -> None:
        self._path, self._wall = path, wall
        self._alone = threading.Lock()
        self._wrong: Counter[str] = Counter()
        self._day, self._size = 0, 0
        self._remember()

    def right(self, kiosk: str, number: str, is_right: Callable[[], bool]) -> bool:
        """What `is_right` says, unless too many were wrong. Raises CannotOpen `wait`.

        One at a time: whoever asks many at once has no more tries than one after the other.
        """
        record = f"{kiosk} {number}"
        with self._alone:
            self._turn_page(self._wall() // DAY_MS)
            if self._wrong[record] >= MOST_OF_RECORD or self._wrong[kiosk] >= MOST_OF_KIOSK:
                why = "too many wrong digits today: it can be asked again tomorrow"
                raise CannotOpen("wait", why)
            if is_right():
                return True
            self._count(record, kiosk)
            self._keep(f"{self._day} {record}\n")
            return False

    def _count(self, record: str, kiosk: str) -> None:
        self._wrong.update((record, kiosk))

    def _turn_page(self, day: int) -> None:
        if day > self._day:
            self._day, self._size = day, 0
            self._wrong.clear()
            with suppress(OSError):
                self._path.unlink()

    def _keep(self, line: str) -> None:
        if self._size >= MOST_FILE:
            return
        # A disk that is full keeps no count, and keeps no citizen from an answer either.
        with suppress(OSError), self._path.open("a", encoding="ascii", errors="replace") as file:
            file.write(line)
        self._size += len(line)

    def _remember(self) -> None:
        """Lines of one day; one that was cut off counts for nothing."""
        today = self._wall() // DAY_MS
        try:
            lines = self._path.read_text("ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return
        self._day = today
        self._size = sum(len(line) + 1 for line in lines)
        for line in lines:
            day, _, record = line.partition(" ")
            if day == str(today) and record:
                self._count(record, record.partition(" ")[0])
