"""Changes for a poller that keeps nothing but a number.

PostgreSQL numbers changes before they are committed, so a lower number may appear later. `next`
therefore waits at a hole in the numbers until it is too old to be filled: a poller may see a
change twice, and misses none.
"""

from typing import Any, Final

from sqlalchemy import Connection, func, select

from controller.changes import PATIENCE_S, is_theirs
from controller.people.powers import Scope
from controller.store.tables import change, kiosk

_PATIENCE_MS: Final = int(PATIENCE_S * 1000)


def changes_since(
    conn: Connection, scope: Scope, after: int | None, size: int, now: int
) -> dict[str, Any]:
    """`changes`, oldest first, `next` to go on from, and whether they are `complete`.

    Of at most `size` changes those of the scope are told; `next` goes on behind all of them.
    """
    edge = conn.execute(select(func.min(change.c.id), func.max(change.c.id))).one()
    oldest, newest = edge[0] or 0, edge[1] or 0
    if after is None:
        return {"changes": [], "next": newest, "complete": True}
    query = (
        select(change.c.id, change.c.at, change.c.topic, kiosk.c.name, change.c.detail)
        .add_columns(kiosk.c.site_code)
        .outerjoin(kiosk, kiosk.c.id == change.c.kiosk_id)
        .where(change.c.id > after)
        .order_by(change.c.id)
        .limit(size)
    )
    rows = conn.execute(query).all()
    names = ("id", "at", "topic", "kiosk", "detail")
    theirs = [row for row in rows if is_theirs(scope, row.topic, row.site_code)]
    return {
        "changes": [dict(zip(names, row, strict=False)) for row in theirs],
        "next": _next(after, [(row.id, row.at) for row in rows], now),
        "complete": oldest <= after + 1 and after <= newest,
    }


def _next(after: int, seen: list[tuple[int, int]], now: int) -> int:
    reached = after
    for number, at in seen:
        if number != reached + 1 and now - at < _PATIENCE_MS:
            return reached
        reached = number
    return reached
