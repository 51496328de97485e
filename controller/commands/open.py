"""Which commands are open, and for whom: the questions to the database, nothing decided.

Two of them: all that is open for kiosks that have just come, and for kiosks of which some command
is due. Both lock what they find until the transaction ends.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, bindparam, func, literal_column, select

from controller.commands import turns
from controller.commands.plan import Kiosk, Open
from controller.commands.turns import IS_OPEN
from controller.store.command_tables import command, job
from controller.store.slices import slices
from controller.store.tables import kiosk, kiosk_status, thread

SLICE: Final = 500  # kiosks at a time


class Waiting(NamedTuple):
    """One kiosk with everything that is open for it."""

    kiosk: Kiosk
    rows: list[Open]


_ever = command.alias("ever")
_HIGHEST = (  # walks the index of numbers from its end, past what was never sent
    select(_ever.c.number)
    .where(_ever.c.kiosk_id == command.c.kiosk_id, _ever.c.state != "queued")
    .order_by(_ever.c.number.desc())
    .limit(1)
    .correlate(command)
    .scalar_subquery()
)
_QUERY = (
    select(
        *(command.c[name] for name in Open._fields if name in command.c),
        job.c.kind,
        job.c.state.label("job_state"),
        job.c.wave.label("job_wave"),
        job.c.plan.label("job_plan"),
        kiosk.c.name,
        kiosk.c.partition,
        thread.c.nonce,
        thread.c.policy,
        func.coalesce(thread.c.number, 0).label("taken"),
        _HIGHEST.label("highest"),
        kiosk_status.c.presence,
    )
    .select_from(command)
    .join(job, job.c.id == command.c.job_id)
    .join(kiosk, kiosk.c.id == command.c.kiosk_id)
    .outerjoin(thread, thread.c.kiosk_id == command.c.kiosk_id)
    .outerjoin(kiosk_status, kiosk_status.c.kiosk_id == command.c.kiosk_id)
    .where(IS_OPEN)
    .order_by(command.c.id)  # the order in which everybody locks: turns.lock
    .with_for_update(of=command)
)


# Built once: building a question costs more than the database's answer.
_ripe = command.alias("ripe")
_RIPE = (
    select(_ripe.c.kiosk_id)
    .where(
        _ripe.c.partition.in_(bindparam("partitions", expanding=True)),
        _ripe.c.due <= bindparam("now"),
        literal_column(turns.OPEN_STATES.format("ripe")),
    )
    .order_by(_ripe.c.due)
    .limit(SLICE)
)
_DUE = _QUERY.where(command.c.kiosk_id.in_(_RIPE))
_OF = _QUERY.where(command.c.kiosk_id.in_(bindparam("kiosks", expanding=True)))


def due(conn: Connection, partitions: Iterable[int], now: int) -> list[Waiting]:
    """At most SLICE kiosks of which something is due, what is due longest first."""
    return list(_waiting(conn, _DUE, {"partitions": sorted(partitions), "now": now}))


def of(conn: Connection, kiosk_ids: Iterable[int]) -> dict[int, Waiting]:
    """Those of these kiosks for which anything is open."""
    return {
        one.kiosk.id: one
        for some in slices(kiosk_ids, SLICE)
        for one in _waiting(conn, _OF, {"kiosks": some})
    }


def count(conn: Connection, partitions: Iterable[int]) -> int:
    ours = command.c.partition.in_(sorted(partitions))
    return conn.scalar(select(func.count()).select_from(command).where(ours, IS_OPEN)) or 0


def _waiting(conn: Connection, query: Select[Any], of: dict[str, Any]) -> Iterator[Waiting]:
    rows = sorted(conn.execute(query, of), key=lambda row: (row.kiosk_id, row.number))
    for _, group in groupby(rows, key=lambda row: row.kiosk_id):
        alike = list(group)
        yield Waiting(_kiosk(alike[0]), [_open(row) for row in alike])


def _kiosk(row: Any) -> Kiosk:
    listens = row.presence == "online" and bool(row.nonce)
    number = max(row.taken, row.highest or 0)
    return Kiosk(
        row.kiosk_id, row.name, row.partition, row.nonce or "", row.policy or 0, number, listens
    )


def _open(row: Any) -> Open:
    return Open(*(getattr(row, name) for name in Open._fields))
