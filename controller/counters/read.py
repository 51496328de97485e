"""What an officer sees of the counters: each kiosk's queues today, who is served. Reads only."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, and_, exists, func, select

from controller.counters.books import day_of
from controller.people.powers import Scope
from controller.scope import sites_within
from controller.store.citizen_tables import counter, pack, tray
from controller.store.tables import kiosk, site
from wire.service.document import Queue, Words

FEW: Final = 6  # kiosks: then all are shown, also those that gave out nothing yet
MOST: Final = 200  # kiosks at once


class Line(NamedTuple):
    """Tickets of one letter today. `service`: whose letter it is, None when no pack says so."""

    letter: str
    service: Words | None
    issued: int = 0
    called: int = 0

    @property
    def waiting(self) -> int:
        return max(0, self.issued - self.called)


class Counter(NamedTuple):
    """`told_at`: when the kiosk last said how many it gave out, None for never."""

    kiosk: str
    site_code: str
    site_name: str
    told_at: int | None
    lines: tuple[Line, ...]


def counters(conn: Connection, scope: Scope, now: int, name: str = "") -> list[Counter]:
    """Those with tickets today by the names of their sites; where there are few, all of them."""
    here = sites_within(scope, kiosk.c.site_code)
    day = day_of(now)
    if name:
        here.append(kiosk.c.name == name)
    elif (conn.scalar(select(func.count()).select_from(kiosk).where(*here)) or 0) > FEW:
        here.append(exists().where(counter.c.kiosk_id == kiosk.c.id, counter.c.day == day))
    query = (
        select(kiosk.c.id, kiosk.c.name, site.c.code, site.c.name.label("place"), tray.c.at)
        .join(site, site.c.code == kiosk.c.site_code)
        .outerjoin(tray, tray.c.kiosk_id == kiosk.c.id)
        .where(*here)
        .order_by(site.c.name, kiosk.c.name)
    )
    kiosks = conn.execute(query.limit(MOST)).all()
    told = _today(conn, day, [one.id for one in kiosks])
    offered = _offered(conn)
    return [
        Counter(
            one.name, one.code, one.place, one.at, _lines(one.code, told.get(one.id, {}), offered)
        )
        for one in kiosks
    ]


def _lines(
    code: str, told: dict[str, tuple[int, int]], offered: dict[tuple[str, str], Words]
) -> tuple[Line, ...]:
    """What was given out, and what this government's services would give out."""
    mine = {letter: name for (tenant, letter), name in offered.items()
            if code == tenant or code.startswith(f"{tenant}.")}  # fmt: skip
    letters = sorted({*mine, *told})
    return tuple(Line(one, mine.get(one), *told.get(one, (0, 0))) for one in letters)


def _today(
    conn: Connection, day: str, kiosks: Iterable[int]
) -> dict[int, dict[str, tuple[int, int]]]:
    query = select(counter).where(and_(counter.c.day == day, counter.c.kiosk_id.in_(list(kiosks))))
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for row in conn.execute(query):
        found.setdefault(row.kiosk_id, {})[row.letter] = (row.issued, row.called)
    return found


def _offered(conn: Connection) -> dict[tuple[str, str], Words]:
    """By tenant and letter: the service that citizens see."""
    document = pack.c.document
    query = select(pack.c.tenant, document["queue"].label("queue"), document["name"].label("name"))
    rows = conn.execute(query.where(pack.c.state == "published").order_by(pack.c.id))
    found: dict[tuple[str, str], Words] = {}
    for row in rows:
        queue, name = _as(row.queue, Queue), _as(row.name, Words)
        if queue is not None and name is not None:
            found[row.tenant, queue.letter] = name
    return found


def _as(value: Any, kind: Any) -> Any:
    try:
        return None if value is None else msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None
