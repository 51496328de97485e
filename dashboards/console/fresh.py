"""Answers about the whole fleet, read once for all who ask while nothing has changed.

Whatever a person may see change is recorded in the change table by the transaction that changes
it; so an answer is good as long as that table's end looks the same. Ten open start pages then
cost one look, and nobody ever sees an answer older than the last change.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, func, select

from controller.people.powers import Scope
from controller.store.tables import change

MOST_KEPT: Final = 200  # answers: a few for each scope that people have
TAIL: Final = 1_000  # on PostgreSQL a lower number may appear later: then their count differs

Answer = TypeVar("Answer")
_Mark = tuple[int, int]
_Reader = Callable[[Connection, Scope], Answer]


class Fresh:
    """Keeps the last answer of each reader for each scope."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[tuple[_Reader[Any], Scope], tuple[_Mark, Any]] = {}

    def read(self, conn: Connection, reader: _Reader[Answer], scope: Scope) -> Answer:
        """What `reader(conn, scope)` says, or said when the same had changed as now."""
        now = mark(conn)
        with self._lock:
            kept = self._kept.get((reader, scope))
        if kept is not None and kept[0] == now:
            answer: Answer = kept[1]
            return answer
        made = reader(conn, scope)
        with self._lock:
            self._kept.pop((reader, scope), None)
            self._kept[reader, scope] = now, made
            if len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return made


def mark(conn: Connection) -> _Mark:
    """How the change table ends: its highest number, and how many there are near it."""
    highest = conn.scalar(select(func.max(change.c.id))) or 0
    near = select(func.count()).select_from(change).where(change.c.id > highest - TAIL)
    return highest, conn.scalar(near) or 0
