"""The live door: every change a person may see, in the order it was stored.

Owns the `change` table: writers record into it inside the transaction that made the change, so
a change is visible exactly when its cause is. Readers poll a Watch; nothing here knows who they
are. A Watch never blocks a writer and never misses a change, however late its transaction commits.
"""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select

from controller.people.powers import Scope
from controller.store.tables import change, kiosk

PATIENCE_S = 30.0  # how long a number may be missing before it counts as rolled back
MOST_MISSING = 5_000
MOST_A_POLL = 5_000
# Topics of changes that have no place.
FOR_ALL = frozenset(
    {"fleet", "office", "job", "release", "rollout", "inbox", "service", "visit", "notice"}
)
_INSERT = insert(change)


class Change(NamedTuple):
    """`topic` is kiosk, fault, command, job, install, counter, assist, fleet or one of FOR_ALL.

    `detail` says what: a fault's code, a job's number, the bundle that is installed, a letter.

    `site_code` is where the kiosk stands now: whoever tells people of it tells those of its place.
    """

    id: int
    at: int
    topic: str
    kiosk_id: int | None
    detail: str
    site_code: str | None = None


class News(NamedTuple):
    """A change about to be recorded."""

    topic: str
    kiosk_id: int | None
    detail: str


def is_theirs(scope: Scope, topic: str, site_code: str | None) -> bool:
    """Whether somebody with this scope may hear of a change; of a kiosk that is gone, nobody."""
    if scope.everywhere:
        return True
    return scope.holds(site_code) if site_code is not None else topic in FOR_ALL


def record(conn: Connection, topic: str, kiosk_id: int | None, detail: str, now: int) -> None:
    """Record one change, `now` in milliseconds, in the caller's transaction."""
    record_all(conn, [News(topic, kiosk_id, detail)], now)


def record_all(conn: Connection, news: Iterable[News], now: int) -> None:
    rows = [
        {"at": now, "topic": one.topic, "kiosk_id": one.kiosk_id, "detail": one.detail[:64]}
        for one in news
    ]
    if rows:
        conn.execute(_INSERT, rows)


def prune(conn: Connection, before: int) -> None:
    """Forget changes older than `before`, except the newest one.

    SQLite numbers on from the largest id present: an emptied table would start again at 1 and
    every Watch would wait for ever.
    """
    newest = select(func.max(change.c.id)).scalar_subquery()
    conn.execute(delete(change).where(change.c.at < before, change.c.id < newest))


class Watch:
    """What changed since the last poll. One per reader; not shared between threads."""

    def __init__(
        self, engine: Engine, after: int | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        """Start behind change `after`, or now."""
        self._engine = engine
        self._clock = clock
        self._high = self._newest() if after is None else after
        # PostgreSQL hands out numbers before it commits: a hole may still be filled.
        self._missing: dict[int, float] = {}

    def poll(self) -> list[Change]:
        """New changes, by number. Returns at once; at most MOST_A_POLL of them."""
        with self._engine.connect() as conn:
            rows = self._unseen(conn)
            if not rows and self._started_over(conn):
                self._high, self._missing = 0, {}
                rows = self._unseen(conn)
        found = [Change(*row) for row in rows]
        self._note(found)
        return found

    def _unseen(self, conn: Connection) -> list[Any]:
        wanted = change.c.id > self._high
        if self._missing:
            wanted = or_(wanted, change.c.id.in_(self._missing))
        columns = [change.c[name] for name in Change._fields[:-1]]
        query = select(*columns, kiosk.c.site_code).where(wanted)
        query = query.outerjoin(kiosk, kiosk.c.id == change.c.kiosk_id)
        return list(conn.execute(query.order_by(change.c.id).limit(MOST_A_POLL)))

    def _note(self, found: list[Change]) -> None:
        now = self._clock()
        for one in found:
            if one.id > self._high:
                holes = range(max(self._high + 1, one.id - MOST_MISSING), one.id)
                self._missing.update(dict.fromkeys(holes, now))
                self._high = one.id
            self._missing.pop(one.id, None)
        kept = ((n, since) for n, since in self._missing.items() if now - since < PATIENCE_S)
        self._missing = dict(list(kept)[-MOST_MISSING:])

    def _started_over(self, conn: Connection) -> bool:
        """The database was rebuilt behind our back and counts from the beginning."""
        newest = conn.scalar(select(func.max(change.c.id)))
        return newest is not None and newest < self._high and newest not in self._missing

    def _newest(self) -> int:
        with self._engine.connect() as conn:
            return conn.scalar(select(func.max(change.c.id))) or 0
