"""The boots of kiosks in the database: the memory of `twins` over restarts of the office.

Owns the rows of `boot`: as many a kiosk as `twins` remembers, no more.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, and_, delete, or_, select

from controller.known import Known
from controller.store.engine import upsert
from controller.store.identity_tables import boot
from controller.twins import Boot


def load(conn: Connection, found: dict[int, Known]) -> None:
    """Into the kiosks of `found`, oldest first."""
    query = select(boot).where(boot.c.kiosk_id.in_(list(found))).order_by(boot.c.first_at)
    for row in conn.execute(query):
        one = Boot(row.boot_id, row.epoch, row.birth, row.first_at, row.last_at)
        found[row.kiosk_id].machines += (one,)


def store(conn: Connection, pairs: Iterable[tuple[Known, Known]]) -> None:
    """What changed between before and after. A kiosk without memory before is written whole."""
    changed = [(old, new) for old, new in pairs if new.machines is not old.machines or old is new]
    gone = [(new.id, one) for old, new in changed for one in _lost(old, new)]
    if gone:
        is_one = (and_(boot.c.kiosk_id == number, boot.c.boot_id == one) for number, one in gone)
        conn.execute(delete(boot).where(or_(*is_one)))
    rows = [
        {"kiosk_id": new.id, **one._asdict()}
        for old, new in changed
        for one in new.machines
        if old is new or one not in old.machines
    ]
    if rows:
        conn.execute(upsert(conn, boot, ("kiosk_id", "boot_id")), rows)


def _lost(old: Known, new: Known) -> set[str]:
    return {one.boot_id for one in old.machines} - {one.boot_id for one in new.machines}
