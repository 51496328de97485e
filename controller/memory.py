"""The kiosks the office has in mind: loaded many at once at first sight, forgotten on any doubt.

Owns nothing: the database is the truth and whatever is here can be loaded again. Valid only for
partitions this controller holds, since nobody else writes them then.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Table, select

from controller import boots
from controller.known import Answer, Known, Latest, Presence, Standing, Status, Thread
from controller.store.slices import slices
from controller.store.tables import fault, kiosk, kiosk_status, latest, suspicion, thread, verdict


class Memory:
    def __init__(self) -> None:
        self._kiosks: dict[str, Known] = {}

    def __len__(self) -> int:
        return len(self._kiosks)

    def get(self, name: str) -> Known | None:
        return self._kiosks.get(name)

    def keep(self, kiosks: Iterable[Known]) -> None:
        for one in kiosks:
            self._kiosks[one.name] = one

    def forget(self, names: Iterable[str]) -> None:
        for name in names:
            self._kiosks.pop(name, None)

    def forget_partitions(self, partitions: Iterable[int]) -> None:
        gone = set(partitions)
        self.forget([one.name for one in self._kiosks.values() if one.partition in gone])

    def load(self, conn: Connection, names: Iterable[str]) -> None:
        """Bring to mind those of `names` that are registered and not in mind yet."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._kiosks]
        for some in slices(wanted):
            self.keep(_load(conn, some))


def _load(conn: Connection, names: list[str]) -> Iterator[Known]:
    query = select(kiosk.c.id, kiosk.c.name, kiosk.c.partition).where(kiosk.c.name.in_(names))
    found = {row.id: Known(row.id, row.name, row.partition) for row in conn.execute(query)}
    ids = list(found)
    for row in _rows(conn, thread, ids):
        found[row.kiosk_id].thread = _thread(row)
    for row in _rows(conn, kiosk_status, ids):
        one = found[row.kiosk_id]
        one.presence = Presence(row.presence, row.presence_since, row.presence_why)
        one.status = Status(row.state, row.state_since, row.state_why)
    for row in _rows(conn, latest, ids):
        one = found[row.kiosk_id]
        one.latest[row.probe] = _latest(row, one.thread)
    for row in _rows(conn, verdict, ids):
        found[row.kiosk_id].verdicts[row.service] = Answer(row.answer, row.why, row.since)
    boots.load(conn, found)
    _load_faults(conn, found)
    yield from found.values()


def _load_faults(conn: Connection, found: dict[int, Known]) -> None:
    query = select(fault).where(fault.c.kiosk_id.in_(list(found)), fault.c.cleared_at.is_(None))
    for row in conn.execute(query):
        standing = Standing("open", row.opened_at, 0, row.why, row.evidence)
        found[row.kiosk_id].faults[row.code] = standing
    for row in _rows(conn, suspicion, list(found)):
        standing = Standing(row.state, row.since, row.due, row.why, row.evidence)
        found[row.kiosk_id].faults[row.code] = standing


def _rows(conn: Connection, table: Table, ids: list[int]) -> Iterable[Any]:
    return conn.execute(select(table).where(table.c.kiosk_id.in_(ids)))


def _thread(row: Any) -> Thread:
    return Thread(
        row.epoch, row.birth, row.seq, row.fact_upto, row.last_heard, row.clock_offset_ms,
        row.agent, row.boot_id, row.keepalive_s, tuple(row.probes),
        row.nonce, row.policy, row.number,
    )  # fmt: skip


def _latest(row: Any, known: Thread | None) -> Latest:
    """The kiosk's own time of the look is not stored; its clock's offset brings it back."""
    offset = known.clock_offset_ms if known else 0
    return Latest(
        row.state, row.since, row.facts, tuple(row.codes), row.why, row.observed_at,
        row.received_at, row.latency_ms, row.observed_at + offset, row.received_at,
    )  # fmt: skip
