"""Which commands are open, and for whom: the questions to the database, nothing decided.

Two of them: all that is open for kiosks that have just come, and for kiosks of which some command
is due. Both lock what they find until the transaction ends.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from controller.commands import turns
from controller.commands.plan import Kiosk, Open
from controller.commands.turns import IS_OPEN
from controller.store.command_tables import command, job
from controller.store.tables import kiosk, kiosk_status, thread

SLICE: Final = 500  # kiosks at a time
_RIPE: Final[ColumnElement[bool]] = literal_column(turns.OPEN_STATES.format("ripe"))


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
_OF_COMMAND = [name for name in Open._fields if not name.startswith(("job_s", "job_w", "kind"))]
_QUERY = (
    select(
        *(command.c[name] for name in _OF_COMMAND),
        job.c.kind,
        job.c.state.label("job_state"),
        job.c.wave.label("job_wave"),
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
    .order_by(command.c.kiosk_id, command.c.number)
    .with_for_update(of=command)
)


def due(conn: Connection, partitions: Iterable[int], now: int) -> list[Waiting]:
    """At most SLICE kiosks of which something is due, what is due longest first."""
    ripe = command.alias("ripe")
    ours = (ripe.c.partition.in_(sorted(partitions)), ripe.c.due <= now, _RIPE)
    first = select(ripe.c.kiosk_id).where(*ours).order_by(ripe.c.due).limit(SLICE)
    return list(_waiting(conn, command.c.kiosk_id.in_(first)))


def of(conn: Connection, kiosk_ids: Iterable[int]) -> dict[int, Waiting]:
    """Those of these kiosks for which anything is open."""
    wanted = list(kiosk_ids)
    found: dict[int, Waiting] = {}
    for start in range(0, len(wanted), SLICE):
        these = command.c.kiosk_id.in_(wanted[start : start + SLICE])
        found.update((one.kiosk.id, one) for one in _waiting(conn, these))
    return found


def count(conn: Connection, partitions: Iterable[int]) -> int:
    ours = command.c.partition.in_(sorted(partitions))
    return conn.scalar(select(func.count()).select_from(command).where(ours, IS_OPEN)) or 0


def _waiting(conn: Connection, where: ColumnElement[bool]) -> Iterator[Waiting]:
    rows = conn.execute(_QUERY.where(where)).all()
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
