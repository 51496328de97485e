"""The one row in which the warden says how it is: written here, read in controller.warden_state.

Also the way the warden notices that the database is another one than it wrote to: restored from a
backup, it has forgotten what it was told last.
"""

from sqlalchemy import Connection

from controller import changes
from controller.store.engine import upsert
from controller.store.identity_tables import warden
from controller.warden_state import ROW, Spoken


def write(conn: Connection, new: Spoken, old: Spoken | None) -> None:
    """Inside a `writing` transaction. Tells the pages when people should see it differently."""
    new = new._replace(lists_why=new.lists_why[:300])
    conn.execute(upsert(conn, warden, ("id",)).values(id=ROW, **new._asdict()))
    if old is None or (old.lists_ok, old.lists_why) != (new.lists_ok, new.lists_why):
        changes.record(conn, "office", None, "lists", new.heard_at)
