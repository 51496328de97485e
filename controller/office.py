"""Is the office itself deaf? Then silence of kiosks says nothing about kiosks.

Reads what controllers say of themselves each second, who holds which partition, and the disk
under a SQLite file. Decides nothing about kiosks: the console shows its banner from this.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select

from controller.store.engine import sqlite_path
from controller.store.tables import controller, lease

SILENT_MS: Final = 6_000  # controllers speak each second
LEAST_FREE_BYTES: Final = 64 * 1024 * 1024
CONDITIONS: Final = ("disk_full", "no_controller", "link_down", "partitions_unattended")

FreeBytes = Callable[[Path], int]


class Controller(NamedTuple):
    """`alive` by when it was last heard; `link` is its connection to the broker: up or down."""

    name: str
    started_at: int
    heard_at: int
    link: str
    link_why: str
    link_since: int
    broker: str
    counters: dict[str, Any]
    alive: bool
    partitions: tuple[int, ...]  # it holds now


class Deafness(NamedTuple):
    """Why the office cannot hear. Worst condition first; `detail` is for a technician.

    `since` (milliseconds) is None when nobody knows. `partitions` are those nobody hears.
    """

    condition: str
    since: int | None
    detail: str
    partitions: tuple[int, ...]


def controllers(conn: Connection, now: int) -> list[Controller]:
    """Every controller that ever was, by name."""
    held: dict[str, list[int]] = {}
    query = select(lease.c.partition, lease.c.holder).where(lease.c.until > now)
    for partition, holder in conn.execute(query.order_by(lease.c.partition)):
        held.setdefault(holder, []).append(partition)
    columns = [controller.c[name] for name in Controller._fields[:-2]]
    rows = conn.execute(select(*columns).order_by(controller.c.name)).all()
    return [
        Controller(
            **row._asdict(),
            alive=_alive(row.heard_at, now),
            partitions=tuple(held.get(row.name, ())),
        )
        for row in rows
    ]


def deafness(
    conn: Connection, now: int, free_bytes: FreeBytes = lambda path: shutil.disk_usage(path).free
) -> Deafness | None:
    """None when somebody alive hears every partition and has room to write."""
    everyone = controllers(conn, now)
    alive = [one for one in everyone if one.alive]
    full = _disk_full(conn, free_bytes)
    if full is not None:
        return full
    if not alive:
        since = max((one.heard_at for one in everyone), default=None)
        return Deafness("no_controller", since, "", _all_partitions(conn))
    return _link_down(alive) or _unattended(conn, alive, now)


def _alive(heard_at: int, now: int) -> bool:
    return now - heard_at <= SILENT_MS


def _disk_full(conn: Connection, free_bytes: FreeBytes) -> Deafness | None:
    path = sqlite_path(conn.engine.url)
    if path is None:
        return None
    free = free_bytes(path.parent)
    if free >= LEAST_FREE_BYTES:
        return None
    return Deafness("disk_full", None, f"{free // 1024} KiB free", _all_partitions(conn))


def _link_down(alive: list[Controller]) -> Deafness | None:
    # Who cannot hear but reads nothing, while others hear, makes nobody deaf.
    heard = any(one.link == "up" for one in alive)
    down = [one for one in alive if one.link != "up" and (one.partitions or not heard)]
    if not down:
        return None
    first = min(down, key=lambda one: one.link_since or one.heard_at)
    partitions = sorted({number for one in down for number in one.partitions})
    detail = f"{first.name} ({first.broker}): {first.link_why}"
    return Deafness("link_down", first.link_since or None, detail, tuple(partitions))


def _unattended(conn: Connection, alive: list[Controller], now: int) -> Deafness | None:
    """Partitions whose lease ran out, or whose holder is no longer alive."""
    heard = {number for one in alive for number in one.partitions}
    rows = conn.execute(select(lease.c.partition, lease.c.until).order_by(lease.c.partition)).all()
    alone = [row for row in rows if row.partition not in heard]
    if not alone:
        return None
    since = min(row.until for row in alone)
    known = min(since, now) or None
    return Deafness("partitions_unattended", known, "", tuple(row.partition for row in alone))


def _all_partitions(conn: Connection) -> tuple[int, ...]:
    return tuple(conn.scalars(select(lease.c.partition).order_by(lease.c.partition)))
