"""Destroys what a citizen wrote when its time is over; the row, its flips and numbers stay.

The time of an application is its service pack's, of a complaint COMPLAINT_DAYS, both from the day
it ended; of a refused record REFUSED_DAYS, of photos without a record PHOTO_DAYS. Sealed
bytes, notes, photos and the digits by which status is asked go together, each submission in one
transaction that the audit log knows of.
"""

from typing import Any, Final

from sqlalchemy import Connection, Engine, and_, delete, exists, func, insert, select, update

from controller.inbox import known
from controller.people.audit import Entry, append
from controller.registrar.books import REGISTRAR
from controller.store.citizen_tables import photo, record, submission, submission_event
from controller.store.engine import writing
from wire.lifecycle import SUBMISSION_ENDS

DAY_MS: Final = 86_400_000
COMPLAINT_DAYS: Final = 30
REFUSED_DAYS: Final = 90
PHOTO_DAYS: Final = 90  # a kiosk may be without a line for so long
AT_ONCE: Final = 100


def step(engine: Engine, now: int) -> int:
    """How many submissions were destroyed, at most AT_ONCE. Raises SQLAlchemyError."""
    with engine.connect() as conn:
        over = _over(conn, now)
    for one in over:
        with writing(engine) as conn:
            _destroy(conn, one, now)
    with writing(engine) as conn:
        _forget_refused(conn, now)
        _forget_photos(conn, now)
    return len(over)


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


def _days(conn: Connection, one: Any) -> int:
    pack = known.service(conn, one.tenant, one.service, one.revision)
    return COMPLAINT_DAYS if pack is None else pack.retention.days


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


def _forget_refused(conn: Connection, now: int) -> None:
    old = and_(record.c.state == "refused", record.c.state_at <= now - REFUSED_DAYS * DAY_MS)
    conn.execute(update(record).where(old, func.length(record.c.body) > 0).values(body=b""))


def _forget_photos(conn: Connection, now: int) -> None:
    """Whose record never came: the citizen went away, or the kiosk is lost."""
    old = photo.c.at <= now - PHOTO_DAYS * DAY_MS
    known_ = exists().where(submission.c.ticket == photo.c.ticket)
    conn.execute(delete(photo).where(old, ~known_))
