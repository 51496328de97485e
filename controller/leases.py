"""Who reads which partition: a fair share for every controller that lives, and a fence.

Owns `lease`. Every change is conditional on the generation it was decided on, so two controllers
never both win. A lease lives for some seconds and is renewed long before; whoever dies loses his
to the others. `check` inside a transaction is the fence: a controller that lost a partition
without noticing can store nothing of it any more. Who lives but cannot hear the broker leaves his
share to those who do, if there are any: a lease is for hearing, not for living.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, or_, select, update

from controller.store.tables import controller, lease
from wire.topics import PARTITIONS

LEASE_MS = 8_000
DEAF_MS = 10_000  # so long without the broker, while another hears it, costs the share
CLOCK_BACK_MS = 60_000  # nothing is promised so far ahead: the clock was put back meanwhile
STOPPED = "stopped"  # link_why of a controller that ended in order and wants no share
# Built once, for every transaction asks it: building it costs more than the database's answer.
_FENCE: Final = (
    select(lease.c.partition, lease.c.holder, lease.c.generation)
    .where(lease.c.partition.in_(bindparam("partitions", expanding=True)))
    .with_for_update(read=True)
)


class LeaseLost(Exception):  # noqa: N818 - says what happened
    """Somebody else holds these partitions now."""

    def __init__(self, partitions: Iterable[int]) -> None:
        self.partitions = frozenset(partitions)
        super().__init__(f"partitions {sorted(self.partitions)} are held by another controller")


class Renewal(NamedTuple):
    """`excess` should be given back with `release`, once nothing reads them any more."""

    gained: frozenset[int] = frozenset()
    lost: frozenset[int] = frozenset()
    excess: frozenset[int] = frozenset()


class Leases:
    """The leases of the controller `name`. `clock` is used where the database has none."""

    def __init__(self, name: str, clock: Callable[[], int], lease_ms: int = LEASE_MS) -> None:
        self._name = name
        self._clock = clock
        self._lease_ms = lease_ms
        self._held: dict[int, int] = {}  # partition -> generation

    @property
    def held(self) -> frozenset[int]:
        return frozenset(self._held)

    def now(self, conn: Connection) -> int:
        """Milliseconds by one clock for all controllers of this database."""
        if conn.dialect.name == "sqlite":
            return self._clock()
        seconds = conn.scalar(select(func.extract("epoch", func.clock_timestamp())))
        return int((seconds or 0) * 1000)

    def renew(self, conn: Connection, *, deaf: bool = False) -> Renewal:
        """Keep what is ours, take what is free up to our share. Once every two seconds.

        `deaf`: we have not heard the broker for DEAF_MS, or never.
        What it says is true after the commit; on a failure nothing has changed.
        """
        now = self.now(conn)
        rows = {row.partition: row for row in conn.execute(select(lease))}
        kept = {p: g for p, g in self._held.items() if self._is_ours(rows[p], g)}
        share = self._share(conn, now, deaf=deaf)
        for partition, generation in kept.items():
            self._write(conn, partition, generation, {"until": now + self._lease_ms})
        free = [row for p, row in rows.items() if p not in kept and self._is_free(row, now)]
        gained = dict(self._take(conn, row, now) for row in free[: max(0, share - len(kept))])
        gained = {partition: g for partition, g in gained.items() if g}
        lost = self.held - kept.keys()
        self._held = kept | gained
        excess = sorted(kept)[share:]
        return Renewal(frozenset(gained), frozenset(lost), frozenset(excess))

    def check(self, conn: Connection, partitions: Iterable[int]) -> None:
        """Raises LeaseLost. Until the transaction ends nobody can take these partitions."""
        wanted = list(partitions)
        rows = conn.execute(_FENCE, {"partitions": wanted})
        ours = {row.partition for row in rows if self._is_ours(row, self._held.get(row.partition))}
        if lost := set(wanted) - ours:
            for partition in lost:
                self._held.pop(partition, None)
            raise LeaseLost(lost)

    def release(self, conn: Connection, partitions: Iterable[int]) -> None:
        """Give back, for others to take at once."""
        for partition in partitions:
            generation = self._held.pop(partition, None)
            if generation is not None:
                self._write(conn, partition, generation, {"holder": "", "until": 0})

    def _share(self, conn: Connection, now: int, *, deaf: bool) -> int:
        """How many of the partitions are ours when all who hear have their fair part."""
        others = self._others(conn, now)
        if deaf and any(row.link == "up" and now - row.link_since >= DEAF_MS for row in others):
            return 0
        # Nobody hears for certain: the broker itself is away, and all wait for it where they are.
        counted = [row.name for row in others if deaf or not _is_deaf(row, now)]
        names = sorted([*counted, self._name])
        each, over = divmod(PARTITIONS, len(names))
        return each + (names.index(self._name) < over)

    def _others(self, conn: Connection, now: int) -> list[Any]:
        """Who else lives."""
        query = select(controller.c.name, controller.c.link, controller.c.link_since).where(
            controller.c.name != self._name,
            controller.c.heard_at > now - self._lease_ms,
            controller.c.heard_at < now + CLOCK_BACK_MS,
            controller.c.link_why != STOPPED,
        )
        return list(conn.execute(query))

    def _is_ours(self, row: Any, generation: int | None) -> bool:
        return bool(row.holder == self._name and row.generation == generation)

    def _is_free(self, row: Any, now: int) -> bool:
        """Also what an earlier process of our own name held: it is dead, or we would not be."""
        over = not now < row.until < now + CLOCK_BACK_MS
        return bool(row.holder in ("", self._name) or over)

    def _take(self, conn: Connection, row: Any, now: int) -> tuple[int, int]:
        """(partition, new generation), or generation 0 when somebody was quicker."""
        mine = row.generation + 1
        values = {"holder": self._name, "generation": mine, "until": now + self._lease_ms}
        won = conn.execute(
            update(lease)
            .where(
                lease.c.partition == row.partition,
                lease.c.generation == row.generation,
                or_(lease.c.until == row.until, lease.c.holder == self._name),
            )
            .values(values)
        )
        return row.partition, mine if won.rowcount == 1 else 0

    def _write(
        self, conn: Connection, partition: int, generation: int, values: dict[str, object]
    ) -> None:
        ours = (
            lease.c.partition == partition,
            lease.c.holder == self._name,
            lease.c.generation == generation,
        )
        conn.execute(update(lease).where(*ours).values(values))


def _is_deaf(row: Any, now: int) -> bool:
    """A controller that has just lost the broker may find it again: its share waits for it."""
    return bool(row.link != "up" and now - row.link_since >= DEAF_MS)
