"""How far releases are, as the child's status file says it, and what of that is worth saying.

Owns what the office was told of each bundle: a new state is told at once, bytes only when enough of
them have come. Nothing here is durable and nothing depends on it: how a release ended is a report.
"""

import math
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

from agent.content import status
from wire.messages import Installing
from wire.wants import Want

APART_S: Final = 10.0  # between two words about bytes of one bundle
STEP: Final = 0.05  # of the whole
AT_LEAST_S: Final = 300.0  # a slow line is heard of, too
_ON_ITS_WAY: Final = get_args(Installing)


class Way(NamedTuple):
    """A release on its way (wire/messages.py Fetching)."""

    bundle: str
    release: int
    attempt: int
    state: Any
    done: int = 0
    total: int = 0
    note: str = ""


class Progress:
    """`status`: what the child said last, None before that."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._news: dict[str, Way] = {}
        self._told: dict[str, tuple[Way, float]] = {}
        self.status: status.Status | None = None
        self.look(0.0)
        self._news.clear()  # of an earlier life, and perhaps told then

    @property
    def has_news(self) -> bool:
        return bool(self._news)

    def take(self) -> Way | None:
        return self._news.pop(next(iter(self._news))) if self._news else None

    def heard(self, want: Want) -> None:
        """The office desires this: that it is known here is told at once."""
        way = Way(want.bundle, want.seq, want.attempt, "pending")
        for one in self.status.installs if self.status else ():
            if (one.bundle, one.seq, one.attempt) == way[:3] and one.state in _ON_ITS_WAY:
                way = way._replace(state=one.state, done=one.done, total=one.total, note=one.note)
        self._news[want.bundle] = way

    def look(self, now: float) -> bool:
        """Whether the child has said anything since the last look (monotonic seconds)."""
        try:
            found = self._path.stat()
        except OSError:
            return False
        stamp = (found.st_ino, found.st_mtime_ns)
        if stamp == self._stamp:
            return False
        said = status.read(self._path)
        if said is None:
            return False
        self._stamp, self.status = stamp, said
        for one in said.installs:
            if one.state in _ON_ITS_WAY:
                way = Way(
                    one.bundle, one.seq, one.attempt, one.state, one.done, one.total, one.note
                )
                if self._worth(way, now):
                    self._told[one.bundle] = (way, now)
                    self._news[one.bundle] = way
        return True

    def _worth(self, way: Way, now: float) -> bool:
        before, at = self._told.get(way.bundle, (None, -math.inf))
        if before is None or before[:4] != way[:4] or before.note != way.note:
            return True
        moved = abs(way.done - before.done)
        if not moved or now < at + APART_S:
            return False
        return moved >= STEP * way.total or now >= at + AT_LEAST_S
