"""What is on its way to which back system: tables `back_system` and `sending`.

A sending is written in the transaction that accepts its submission, so that none is forgotten,
and its state changes only from what it was. Nothing here says what a citizen wrote: `error` and
`reference` are words of the other system, cut short.
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, func, insert, select, update

from controller.back.pacing import PAUSE, again_at
from controller.back.parcel import About
from controller.store.citizen_tables import back_system, record, sending, submission

MOST_ERROR: Final = 300


class Due(NamedTuple):
    """A sending whose time has come. `tries` so far; `body` the record as it was handed in."""

    id: int
    tries: int
    system_id: int
    system: str
    submission_id: int
    uid: str
    about: About
    body: bytes


def enqueue(conn: Connection, submission_id: int, tenant: str, service: str, now: int) -> int:
    """To every system that is on and wants it; how many those are."""
    query = select(back_system.c.id, back_system.c.services)
    here = and_(back_system.c.tenant == tenant, back_system.c.state == "on")
    wanted = [
        {"submission_id": submission_id, "back_system_id": one.id, "state": "waiting"}
        | {"next_at": now}
        for one in conn.execute(query.where(here))
        if not one.services or service in one.services
    ]
    if wanted:
        conn.execute(insert(sending), wanted)
    return len(wanted)


def due(conn: Connection, now: int, limit: int) -> list[int]:
    """Rows of `sending`, those that wait longest first; none of a system that is off."""
    query = select(sending.c.id).join(back_system, back_system.c.id == sending.c.back_system_id)
    ready = (sending.c.state == "waiting", sending.c.next_at <= now, back_system.c.state == "on")
    return [*conn.scalars(query.where(*ready).order_by(sending.c.next_at).limit(limit))]


def find(conn: Connection, number: int, now: int) -> Due | None:
    """None when it was put off or ended meanwhile."""
    names = About.__struct_fields__
    columns: list[Any] = [submission.c[name] for name in names]
    query = (
        select(sending.c.id, sending.c.tries, back_system.c.id.label("system_id"))
        .add_columns(back_system.c.name.label("system"), submission.c.id.label("submission_id"))
        .add_columns(submission.c.uid, *columns, record.c.body)
        .join_from(sending, back_system, back_system.c.id == sending.c.back_system_id)
        .join(submission, submission.c.id == sending.c.submission_id)
        .join(record, record.c.id == submission.c.record_id)
    )
    same = (sending.c.id == number, sending.c.state == "waiting", sending.c.next_at <= now)
    row = conn.execute(query.where(*same)).mappings().one_or_none()
    if row is None:
        return None
    about = About(**{name: row[name] for name in names})
    first = (row["id"], row["tries"], row["system_id"], row["system"], row["submission_id"])
    return Due(*first, row["uid"], about, bytes(row["body"]))


def sent(conn: Connection, one: Due, reference: str) -> None:
    _flip(conn, one, {"state": "sent", "reference": reference, "error": ""})


def failed(conn: Connection, one: Due, why: str, *, ever: bool, now: int) -> None:
    """Tried again later; or put aside for people, when that is of no use or was done often."""
    at = None if ever else again_at(one.tries + 1, now)
    values: dict[str, Any] = {"error": why[:MOST_ERROR]}
    values |= {"state": "failed"} if at is None else {"next_at": at}
    _flip(conn, one, values)


def pause(conn: Connection, system_id: int, now: int) -> None:
    """All others of a system that does not answer wait a little; it is no try of theirs."""
    its = (sending.c.back_system_id == system_id, sending.c.state == "waiting")
    query = update(sending).where(*its, sending.c.next_at <= now)
    conn.execute(query.values(next_at=now + PAUSE))


def waiting(conn: Connection) -> int:
    """How many have not been sent, those put aside included."""
    query = select(func.count()).select_from(sending).where(sending.c.state != "sent")
    return conn.scalar(query) or 0


def _flip(conn: Connection, one: Due, values: dict[str, Any]) -> None:
    same = (sending.c.id == one.id, sending.c.state == "waiting", sending.c.tries == one.tries)
    query = update(sending).where(*same).values(**values, tries=one.tries + 1)
    if conn.execute(query).rowcount != 1:
        raise RuntimeError(f"sending {one.id} was sent by somebody else: two registrars run")
