"""What administrators see of back systems and do about them; every deed is in the audit log.

A system is known by tenant and name; where it lies is a matter of the registrar's folder alone
(controller/back/target.py). Owns the writing of `back_system`, and of `sending` when a person has
one tried again.
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, case, func, insert, select, update

from controller.back.target import KINDS
from controller.jobs.refused import MISSING, Refused
from controller.people.audit import By, Entry, append
from controller.store.citizen_tables import back_system, sending, submission, tenant
from controller.words import is_text

MOST_NAME: Final = 60
MOST_SHOWN: Final = 200


class System(NamedTuple):
    """`services` () is all. Counts of sendings; `error` the newest one that still stands."""

    id: int
    tenant: str
    name: str
    kind: str
    services: tuple[str, ...]
    state: str
    changed_at: int
    changed_by: str
    waiting: int
    sent: int
    failed: int
    error: str


class New(NamedTuple):
    """`services` of the tenant, () all."""

    tenant: str
    name: str
    kind: str
    services: tuple[str, ...] = ()


class Stuck(NamedTuple):
    """A sending that is not there yet. `next_at` says nothing once it is `failed`."""

    id: int
    system: str
    submission_id: int
    number: str
    service: str
    state: str
    tries: int
    next_at: int
    error: str


def systems(conn: Connection) -> list[System]:
    """By tenant and name."""
    names = ("id", "tenant", "name", "kind", "services", "state", "changed_at", "changed_by")
    counted = _counts(conn)
    query = select(*(back_system.c[name] for name in names))
    rows = conn.execute(query.order_by(back_system.c.tenant, back_system.c.name))
    found = []
    for row in rows:
        told: list[Any] = [*row[:4], tuple(row.services), *row[5:8]]
        found.append(System(*told, *counted.get(row.id, (0, 0, 0, ""))))
    return found


def stuck(conn: Connection) -> list[Stuck]:
    """Those that were tried in vain, put aside first, then oldest first."""
    columns: list[Any] = [sending.c.id, back_system.c.name, submission.c.id, submission.c.number]
    last = [sending.c[name] for name in ("state", "tries", "next_at", "error")]
    query: Any = (
        select(*columns, submission.c.service, *last)
        .join_from(sending, back_system, back_system.c.id == sending.c.back_system_id)
        .join(submission, submission.c.id == sending.c.submission_id)
        .where(sending.c.state != "sent", sending.c.tries > 0)
        .order_by(sending.c.state, sending.c.id)
    )
    return [Stuck(*row) for row in conn.execute(query.limit(MOST_SHOWN))]


def add(conn: Connection, by: By, new: New, now: int) -> int:
    """The row of a new system, switched on. Raises Refused."""
    name = new.name.strip()
    if not (0 < len(name) <= MOST_NAME and is_text(name)):
        raise Refused("asked", f"a back system needs a name of 1 to {MOST_NAME} characters")
    if new.kind not in KINDS:
        raise Refused("asked", f"a back system is one of {', '.join(KINDS)}")
    if conn.scalar(select(tenant.c.code).where(tenant.c.code == new.tenant)) is None:
        raise Refused(MISSING, f"there is no tenant {new.tenant[:16]}")
    same = (back_system.c.tenant == new.tenant, back_system.c.name == name)
    if conn.scalar(select(back_system.c.id).where(*same)) is not None:
        raise Refused("asked", f"{new.tenant} has a back system {name} already")
    values: dict[str, Any] = {**new._asdict(), "name": name, "services": list(new.services)}
    values |= {"settings": {}, "state": "on", "changed_at": now, "changed_by": by.who}
    made = conn.execute(insert(back_system).values(**values))
    (number,) = made.inserted_primary_key or (0,)
    _tell(conn, by, "back.add", new, now)
    return int(number)


def switch(conn: Connection, by: By, number: int, on: bool, now: int) -> None:  # noqa: FBT001 - its only word
    """Off: nothing new is written for it, and what waits goes on waiting. Raises Refused."""
    row = _find(conn, number)
    state = "on" if on else "off"
    if row.state == state:
        return
    query = update(back_system).where(back_system.c.id == number, back_system.c.state == row.state)
    conn.execute(query.values(state=state, changed_at=now, changed_by=by.who))
    _tell(conn, by, f"back.{state}", row, now)


def again(conn: Connection, by: By, number: int, now: int) -> int:
    """All that was put aside for this system is tried again; how many. Raises Refused."""
    row = _find(conn, number)
    its = and_(sending.c.back_system_id == number, sending.c.state == "failed")
    values = {"state": "waiting", "tries": 0, "next_at": now}
    count = conn.execute(update(sending).where(its).values(**values)).rowcount
    if count:
        _tell(conn, by, "back.again", row, now, count=count)
    return count


def _counts(conn: Connection) -> dict[int, Any]:
    """Of each system: waiting, sent, failed, and the newest error that still stands."""
    one = sending.c.back_system_id
    sums = [
        func.coalesce(func.sum(case((sending.c.state == state, 1), else_=0)), 0)
        for state in ("waiting", "sent", "failed")
    ]
    wrong = and_(sending.c.state != "sent", sending.c.error != "")
    newest = select(one, func.max(sending.c.id).label("id")).where(wrong).group_by(one).subquery()
    query = select(one, sending.c.error).join(newest, newest.c.id == sending.c.id)
    errors = {row[0]: row[1] for row in conn.execute(query)}
    rows = conn.execute(select(one, *sums).group_by(one))
    return {row[0]: (*map(int, row[1:]), errors.get(row[0], "")) for row in rows}


def _find(conn: Connection, number: int) -> Any:
    row = conn.execute(select(back_system).where(back_system.c.id == number)).one_or_none()
    if row is None:
        raise Refused(MISSING, f"there is no back system {number}")
    return row


def _tell(conn: Connection, by: By, what: str, row: Any, now: int, **more: Any) -> None:
    append(conn, Entry(by.who, what, row.name, row.tenant, by.address, more), now)
