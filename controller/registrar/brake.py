"""How often one account does something within an hour.

For accounts whose power is not in doubt: it bounds what somebody can do who has stolen one, the
console's program and the database besides. So it counts in memory, and a file beside the keys lets
it outlive a restart, not a cut of the power: whoever can cut that stands beside the machine.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from controller.registrar.client import CannotOpen

HOUR_MS: Final = 3_600_000


class Brake:
    """At most `most` an hour and account; `what` they are, for whoever is refused.

    Its file is named by it, in `folder`; None for memory alone.
    """

    def __init__(self, most: int, what: str, folder: Path | None = None) -> None:
        self._most, self._what = most, what
        self._path = folder / what if folder else None
        self._alone = threading.Lock()
        self._times: dict[int, deque[int]] = {}
        self._hour = 0
        for account_id, at in _lines(self._path):
            self._times.setdefault(account_id, deque()).append(at)

    def check(self, account_id: int, now: int) -> None:
        """Counts one. Raises CannotOpen `denied`, which counts for nothing."""
        with self._alone:
            if now // HOUR_MS != self._hour:
                self._turn_page(now)
            times = self._times.setdefault(account_id, deque())
            while times and times[0] <= now - HOUR_MS:
                times.popleft()
            if len(times) >= self._most:
                why = f"more than {self._most} {self._what} in an hour by one account"
                raise CannotOpen("denied", f"{why}: wait, or ask why")
            times.append(now)
            self._keep("a", _line(account_id, now))

    def _turn_page(self, now: int) -> None:
        """The file holds what counts and at most an hour more."""
        self._hour = now // HOUR_MS
        all_ = [(one, at) for one, times in self._times.items() for at in times]
        self._keep("w", "".join(_line(one, at) for one, at in all_ if at > now - HOUR_MS))

    def _keep(self, mode: str, text: str) -> None:
        # A disk that is full keeps no count, and keeps no officer from working either.
        if self._path is not None:
            with suppress(OSError), self._path.open(mode, encoding="ascii") as file:
                file.write(text)


def _line(account_id: int, at: int) -> str:
    return f"{account_id} {at}\n"


def _lines(path: Path | None) -> Iterator[tuple[int, int]]:
    """Accounts and times; what was cut off, or is none of ours, counts for nothing."""
    try:
        text = path.read_text("ascii", errors="replace") if path else ""
    except FileNotFoundError:
        return
    for line in text.splitlines(keepends=True):
        words = line.split()
        if line.endswith("\n") and len(words) == 2 and all(map(_is_whole, words)):
            yield int(words[0]), int(words[1])


def _is_whole(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 20
