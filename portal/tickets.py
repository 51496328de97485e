"""Queue tickets: one letter a service, from 1 each day, never one number twice.

Owns <tray>/issued.json: durable before a ticket is shown, so that a cut leaves a gap and never two
people with one number. A clock that leaps to another day and back finds its numbers again: the last
days asked for are kept. The agent's child tells the office from the same file.
"""

from pathlib import Path
from typing import Final

import msgspec

from portal import durable
from wire.citizen import Issued
from wire.local import ISSUED

MOST: Final = 999
KEPT: Final = 26  # days and letters, as many as the office hears of (wire/citizen.py Told)


class NoMore(Exception):  # noqa: N818 - says what happened
    """The day's quota is given out."""


class Tickets:
    """`tray` is the folder of wire/local.py. For one thread at a time."""

    def __init__(self, tray: Path) -> None:
        self._path = tray / ISSUED

    def issued(self, day: str, letter: str) -> int:
        """How many of a letter were given out on a day."""
        return max(
            (one.number for one in self._read() if (one.day, one.letter) == (day, letter)),
            default=0,
        )

    def take(self, day: str, letter: str, quota: int) -> int:
        """The next number, from 1. `quota` 0: no limit. Raises NoMore, OSError."""
        number = self.issued(day, letter) + 1
        if number > (quota or MOST):
            raise NoMore
        rest = [one for one in self._read() if (one.day, one.letter) != (day, letter)]
        told = (*rest[1 - KEPT :], Issued(day=day, letter=letter, number=number))
        durable.write(self._path, msgspec.json.encode(told), durable.SHARED)
        return number

    def _read(self) -> tuple[Issued, ...]:
        """A damaged file begins anew, and so do its numbers: the counter sorts it out."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=tuple[Issued, ...])
        except (FileNotFoundError, msgspec.MsgspecError):
            return ()
