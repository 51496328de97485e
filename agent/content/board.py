"""The status of this run as it grows, told whenever something has changed.

Owns what is worth a write. What an earlier run has found wrong stands until this one has come to
its end. A disk that refuses is not told here: nothing depends on it.
"""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from agent import folders
from agent.content import status
from agent.content.journal import Row
from agent.content.status import Installing, Status
from agent.content.trouble import plain_words
from wire.messages import Fact

EVERY_S: Final = 1.0  # at most, while nothing but numbers has changed


class Board:
    """`now` in ms of the kiosk's clock."""

    def __init__(self, path: Path, now: Callable[[], int], monotonic: Callable[[], float]) -> None:
        self._path, self._now, self._monotonic = path, now, monotonic
        self._status = status.read(path) or Status()
        self._found: dict[str, str] = {}
        self._next = 0.0

    def at(self, row: Row, *, done: int = 0, total: int = 0, note: str = "") -> None:
        """How far one release is."""
        one = Installing(
            bundle=row.bundle,
            seq=row.seq,
            attempt=row.attempt,
            state=row.state,
            done=done,
            total=total,
            note=plain_words(note),
        )
        others = [other for other in self._status.installs if other.bundle != row.bundle]
        before = [other for other in self._status.installs if other.bundle == row.bundle]
        self._status.installs = [*others, one]
        same = bool(before) and (before[0].state, before[0].note) == (one.state, one.note)
        if not same or self._monotonic() >= self._next:
            self._put()

    def fault(self, code: str, why: str) -> None:
        """Something is wrong, by its code in the catalogue."""
        why = plain_words(why)
        self._found.setdefault(code, why)
        self._status.codes = list({**dict.fromkeys(self._status.codes), code: None})
        self._status.why = self._status.why or why
        self._put()

    def fact(self, **facts: Fact) -> None:
        self._status.facts = {**self._status.facts, **facts}

    def end(self, releases: Mapping[str, int], again_s: float | None) -> None:
        """The run is over; `releases`: what is in use."""
        self._status.codes = list(self._found)
        self._status.why = next(iter(self._found.values()), "")
        self._status.releases, self._status.again_s = dict(releases), again_s
        self._put()

    def _put(self) -> None:
        self._next = self._monotonic() + EVERY_S
        self._status.at = self._now()
        with contextlib.suppress(OSError):
            folders.make(self._path.parent, 0o700)
            status.write(self._path, self._status)
