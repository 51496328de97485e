"""Complaints about the same pothole become one: the others follow where it goes.

A merged complaint keeps its number and its citizen: its state is that of the one it was merged
with, and every later move is made for both (controller/inbox/moves.py). Nothing is deleted.
"""

from sqlalchemy import Connection, insert, select, update

from controller import changes
from controller.deeds import Doer
from controller.inbox import read
from controller.inbox.moves import TOPIC
from controller.inbox.shapes import OPEN, Row
from controller.jobs.refused import Refused
from controller.people import audit
from controller.store.citizen_tables import submission, submission_event


def merge(conn: Connection, by: Doer, one: int, into: int, *, version: int, now: int) -> Row:
    """`one` (as `version` of it was seen) is about the same as `into`; the row it was merged with.

    Inside a `writing` transaction, last in it. Raises Refused (`unknown`, `asked`, `state`) and
    Outside.
    """
    audit.alone(conn)
    row, other = read.find(conn, by.scope, one), read.find(conn, by.scope, into)
    _check(conn, row, other)
    values = {
        "same_as": other.id,
        "state": other.state,
        "state_at": now if row.state != other.state else row.state_at,
        "due_at": None,
        "due_what": "",
        "version": version + 1,
    }
    same = submission.c.id == row.id, submission.c.version == version
    if not conn.execute(update(submission).where(*same).values(**values)).rowcount:
        raise Refused("state", f"{row.number} was changed meanwhile: look at it again")
    _write(conn, by, row, other, now)
    return other


def _check(conn: Connection, row: Row, other: Row) -> None:
    """Raises Refused."""
    complaints = row.kind == other.kind == "complain" and row.tenant == other.tenant
    if row.id == other.id or not complaints:
        raise Refused("asked", "only two complaints of one government are merged")
    if other.same_as is not None or row.same_as is not None:
        raise Refused("state", "one of them was merged already: choose the first one")
    if row.state not in OPEN or other.state not in OPEN:
        raise Refused("state", "one of them has ended")
    followed = select(submission.c.id).where(submission.c.same_as == row.id).limit(1)
    if conn.scalar(followed) is not None:
        raise Refused("state", f"others were merged with {row.number}: merge the other way round")


def _write(conn: Connection, by: Doer, row: Row, other: Row, now: int) -> None:
    login = by.person.login
    for one, new, why in ((row, other.state, other.number), (other, other.state, row.number)):
        event = {"submission_id": one.id, "at": now, "by": login, "event": "merge"}
        conn.execute(insert(submission_event).values(**event, old=one.state, new=new, why=why))
        changes.record(conn, TOPIC, None, str(one.id), now)
    detail = {"number": row.number, "into": other.number}
    entry = audit.Entry(login, "inbox.merge", f"submission {row.id}", row.where, by.address, detail)
    audit.append(conn, entry, now)
