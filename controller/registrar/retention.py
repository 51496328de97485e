"""Destroys what citizens wrote, and what was done for them, when its time is over: one retention.

The time of an application is its service pack's, of a complaint COMPLAINT_DAYS, both from the day
it ended. Sealed bytes, notes, photos and the digits by which status is asked go together, each
submission in one transaction that the audit log knows of; the row, its flips and numbers stay.

A refused record has its service's days from its refusal, REFUSED_DAYS at most and where the office
knows no such service. Where no service says: photos without a record PHOTO_DAYS, dates of the
mobile counter VISIT_DAYS from their end, counts of tickets TICKET_DAYS; calls for an officer and
notices as long as their books say. How many of these went is one row of the audit log each time.
"""

from typing import Any, Final

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Delete,
    Engine,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from controller.assist.books import KEPT_DAYS as CALL_DAYS
from controller.inbox import known
from controller.notices.books import KEPT_DAYS as NOTICE_DAYS
from controller.people.audit import Entry, append
from controller.registrar.books import REGISTRAR
from controller.store.citizen_tables import (
    assist,
    counter,
    notice,
    photo,
    record,
    submission,
    submission_event,
    visit,
)
from controller.store.engine import writing
from wire.lifecycle import SUBMISSION_ENDS
from wire.service.days import DAY_MS
from wire.submission import MOST_HEAD, Head

COMPLAINT_DAYS: Final = 30
REFUSED_DAYS: Final = 90
PHOTO_DAYS: Final = 90  # a kiosk may be without a line for so long
VISIT_DAYS: Final = 365  # last year's round is what the next one is planned by
TICKET_DAYS: Final = 365
AT_ONCE: Final = 100
_PAGE: Final = 1_000


def step(engine: Engine, now: int) -> int:
    """How many submissions were destroyed, at most AT_ONCE. Raises SQLAlchemyError."""
    with engine.connect() as conn:
        over = _over(conn, now)
    for one in over:
        with writing(engine) as conn:
            _destroy(conn, one, now)
    with writing(engine) as conn:
        _rest(conn, now)
    return len(over)


def _rest(conn: Connection, now: int) -> None:
    """What is no submission, and how much of it went."""
    gone = {
        "refused": _forget_refused(conn, now),
        "photos": _forget_photos(conn, now),
        "visits": _older(conn, visit.c.ends, now, VISIT_DAYS),
        "tickets": _older(conn, counter.c.changed_at, now, TICKET_DAYS),
        "calls": _older(conn, assist.c.at, now, CALL_DAYS),
        "notices": _older(conn, notice.c.ends, now, NOTICE_DAYS),
    }
    gone = {what: count for what, count in gone.items() if count}
    if gone:
        append(conn, Entry(REGISTRAR, "retention.destroy", "", detail=gone), now)


def _over(conn: Connection, now: int) -> list[Any]:
    names = (
        "id",
        "record_id",
        "number",
        "place",
        "tenant",
        "service",
        "revision",
        "kind",
        "ticket",
    )
    query = select(*(submission.c[name] for name in (*names, "state", "state_at")))
    ended = (submission.c.state.in_(SUBMISSION_ENDS), submission.c.destroyed_at.is_(None))
    soonest = submission.c.state_at <= now - DAY_MS
    rows = conn.execute(query.where(*ended, soonest).order_by(submission.c.state_at))
    days: dict[tuple[str, ...], int] = {}
    found = []
    for one in rows:
        key = (one.tenant, one.service, str(one.revision), one.kind)
        if key not in days:
            days[key] = _days(conn, one)
        if one.state_at + days[key] * DAY_MS <= now:
            found.append(one)
        if len(found) == AT_ONCE:
            break
    return found


def _days(conn: Connection, one: Any, else_days: int = COMPLAINT_DAYS) -> int:
    pack = known.service(conn, one.tenant, one.service, one.revision)
    return else_days if pack is None else pack.retention.days


def _destroy(conn: Connection, one: Any, now: int) -> None:
    if one.ticket:
        conn.execute(delete(photo).where(photo.c.ticket == one.ticket))
    conn.execute(update(record).where(record.c.id == one.record_id).values(body=b""))
    its = submission_event.c.submission_id == one.id
    conn.execute(update(submission_event).where(its).values(note=None, note_seal=""))
    values: dict[str, Any] = {"destroyed_at": now, "tail": "", "ticket": ""}
    conn.execute(update(submission).where(submission.c.id == one.id).values(values))
    told = {"by": REGISTRAR, "event": "destroy", "old": one.state, "new": one.state}
    conn.execute(insert(submission_event).values(submission_id=one.id, at=now, **told))
    append(conn, Entry(REGISTRAR, "submission.destroy", one.number, one.place), now)


def _forget_refused(conn: Connection, now: int) -> int:
    """What lies aside says in its head, believed or not, of which service it is."""
    after, over = 0, list[int]()
    while rows := _aside(conn, after, now):
        after = rows[-1].id
        over += [row.id for row in rows if row.state_at + _kept(conn, row.head) <= now]
    for start in range(0, len(over), _PAGE):
        some = record.c.id.in_(over[start : start + _PAGE])
        conn.execute(update(record).where(some, record.c.state == "refused").values(body=b""))
    return len(over)


def _aside(conn: Connection, after: int, now: int) -> list[Any]:
    head = func.substr(record.c.body, 1, MOST_HEAD).label("head")
    query = select(record.c.id, record.c.state_at, head).order_by(record.c.id).limit(_PAGE)
    aside = (record.c.state == "refused", func.length(record.c.body) > 0)
    soonest: Any = record.c.state_at <= now - DAY_MS
    return [*conn.execute(query.where(record.c.id > after, *aside, soonest))]


def _kept(conn: Connection, begin: bytes) -> int:
    """Milliseconds."""
    try:
        head = msgspec.json.decode(bytes(begin).partition(b"\n")[0], type=Head)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return REFUSED_DAYS * DAY_MS
    return min(_days(conn, head, REFUSED_DAYS), REFUSED_DAYS) * DAY_MS


def _forget_photos(conn: Connection, now: int) -> int:
    """Whose record never came: the citizen went away, or the kiosk is lost."""
    old = photo.c.at <= now - PHOTO_DAYS * DAY_MS
    known_ = exists().where(submission.c.ticket == photo.c.ticket)
    return _gone(conn, delete(photo).where(old, ~known_))


def _older(conn: Connection, since: Column[int], now: int, kept_days: int) -> int:
    """Rows of that column's table."""
    return _gone(conn, delete(since.table).where(since <= now - kept_days * DAY_MS))


def _gone(conn: Connection, query: Delete) -> int:
    return conn.execute(query).rowcount
