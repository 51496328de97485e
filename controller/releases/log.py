"""What is done about releases: written into the log, and told to every page that looks.

Inside a `writing` transaction, last in it: whoever appends to the log waits for others who do.
"""

from sqlalchemy import Connection

from controller import changes
from controller.people import audit
from controller.people.audit import Entry


def write(conn: Connection, entry: Entry, now: int) -> None:
    """`now` in milliseconds."""
    changes.record(conn, "release", None, entry.subject, now)
    audit.append(conn, entry, now)
