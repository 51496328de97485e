"""Which keys something is still sealed to: records, notes, photos. Reads the books only."""

from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, select

from controller.store.citizen_tables import photo, record, submission_event
from wire.submission import MOST_HEAD, Head

_AT_ONCE: Final = 1_000


def in_use(conn: Connection) -> dict[str, int]:
    """Key -> how many things nobody could open without it."""
    found: dict[str, int] = {}
    for key, count in (
        *_counted(conn, photo.c.seal),
        *_counted(conn, submission_event.c.note_seal),
    ):
        found[key] = found.get(key, 0) + count
    after = 0
    while rows := _heads(conn, after):
        after = rows[-1].id
        for row in rows:
            key = _seal(bytes(row.head))
            if key:
                found[key] = found.get(key, 0) + 1
    return found


def _counted(conn: Connection, column: Any) -> list[tuple[str, int]]:
    query = select(column, func.count()).where(column != "").group_by(column)
    return [(key, count) for key, count in conn.execute(query)]


def _heads(conn: Connection, after: int) -> list[Any]:
    """The first bytes of records that were not destroyed: the head says what it is sealed to."""
    head = func.substr(record.c.body, 1, MOST_HEAD).label("head")
    query = select(record.c.id, head).where(record.c.id > after, func.length(record.c.body) > 0)
    return [*conn.execute(query.order_by(record.c.id).limit(_AT_ONCE))]


def _seal(begin: bytes) -> str:
    try:
        return msgspec.json.decode(begin.partition(b"\n")[0], type=Head).seal
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ""
