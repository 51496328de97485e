"""Kiosks that shall ask now what is new for their citizens: a number was called, somebody comes.

Owns the table `nudge`, a row for each kiosk that is still to be told, and the brake: so many a
second and controller, the oldest first, whatever writes rows. What is told is only "ask": it is
QoS 1, so a kiosk that is away asks when it is back; one that is lost costs minutes, no news.
"""

from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import Connection, Engine, delete, select

from controller.commands.desk import Said
from controller.dispatch import Outgoing, news
from controller.leases import LeaseLost, Leases
from controller.store import failures
from controller.store.citizen_tables import nudge as table
from controller.store.engine import insert_new, writing
from controller.store.tables import kiosk

MOST: Final = 50  # at once; the door of all kiosks has to answer each of them
EVERY_MS: Final = 1_000


def ask(conn: Connection, kiosk_id: int, now: int) -> None:
    """Whoever commits rings the bell. Inside a `writing` transaction."""
    conn.execute(insert_new(conn, table).values(kiosk_id=kiosk_id, at=now))


class Nudges:
    """`clock` gives office milliseconds."""

    def __init__(self, engine: Engine, leases: Leases, clock: Callable[[], int]) -> None:
        self._engine, self._leases, self._clock = engine, leases, clock
        self._again, self._left = 0, MOST

    def look(self, up: Iterable[int]) -> Said:
        """Those of the partitions that can be reached. Raises StoreAway ..."""
        ours = self._leases.held.intersection(up)
        now = self._clock()
        if now >= self._again or now < self._again - EVERY_MS:
            self._again, self._left = now + EVERY_MS, MOST
        if not ours or not self._left:
            return Said([])
        try:
            with self._engine.connect() as conn:
                if conn.scalar(select(table.c.kiosk_id).limit(1)) is None:
                    return Said([])
            with writing(self._engine, relaxed=True) as conn:
                self._leases.check(conn, ours)
                mail = _take(conn, ours, self._left)
        except LeaseLost as lost:
            return Said([], lost.partitions)
        except Exception as error:
            failures.refuse(error)
            raise
        self._left -= len(mail)
        return Said(mail)


def _take(conn: Connection, partitions: Iterable[int], most: int) -> list[Outgoing]:
    query = select(kiosk.c.id, kiosk.c.name, kiosk.c.partition).join(table)
    query = query.where(kiosk.c.partition.in_(sorted(partitions)))
    rows = conn.execute(query.order_by(table.c.at, kiosk.c.id).limit(most)).all()
    conn.execute(delete(table).where(table.c.kiosk_id.in_([row.id for row in rows])))
    return [news(row.partition, row.name) for row in rows]
