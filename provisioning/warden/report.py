"""The one row in which the warden says how it is; the console and the alarms read it.

Also the way the warden notices that the database is another one than it wrote to: restored from a
backup, it has forgotten what it was told last.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from controller import changes
from controller.store.engine import upsert
from controller.store.identity_tables import warden

ROW: Final = 1


class Report(NamedTuple):
    """As the columns of `warden`; times in milliseconds."""

    heard_at: int
    crl_number: int
    crl_signed_at: int
    crl_next_update: int
    lists_ok: int
    lists_why: str
    lists_proven_at: int
    checkpoint_n: int
    checkpoint_at: int


def read(conn: Connection) -> Report | None:
    columns = [warden.c[name] for name in Report._fields]
    row = conn.execute(select(*columns).where(warden.c.id == ROW)).first()
    return None if row is None else Report(*row)


def write(conn: Connection, new: Report, old: Report | None) -> None:
    """Inside a `writing` transaction. Tells the pages when people should see it differently."""
    new = new._replace(lists_why=new.lists_why[:300])
    conn.execute(upsert(conn, warden, ("id",)).values(id=ROW, **new._asdict()))
    if old is None or (old.lists_ok, old.lists_why) != (new.lists_ok, new.lists_why):
        changes.record(conn, "office", None, "lists", new.heard_at)
