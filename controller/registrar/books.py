"""What the office's books say about a record, and what is written into them once it was judged.

Reads and writes `record`, `submission`, `submission_event`; decides nothing about what is inside.
Every change of a state is conditional on the state it is about. Nothing a citizen wrote comes
here but in the bytes as they were handed in: what stands in the clear is in `submission`, and it
tells nobody's name.
"""

from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, and_, func, insert, or_, select, update

from controller import changes
from controller.back import books as back
from controller.inbox import known
from controller.inbox.calendar import NO_HOLIDAYS, Calendar
from controller.inbox.limits import first
from controller.people.audit import Entry, append
from controller.registrar.judge import Found, Refusal
from controller.registrar.protocol import CHANNEL
from controller.registrar.seals import ticket_sha256
from controller.store.citizen_tables import record, record_key, submission, submission_event, tenant
from controller.store.tables import kiosk
from wire.lifecycle import RECORD, move
from wire.service.tenant import Holidays, Tenant
from wire.submission import Signed

REGISTRAR: Final = "registrar"
_NAME: Final = func.coalesce(kiosk.c.name, CHANNEL).label("name")
_CLASSES: Final = ("complaint", "wish", "question")


class Arrived(NamedTuple):
    """A row of `record`; `kiosk` is the name of who handed it in, `site` where that stands.

    What came by no kiosk has CHANNEL for its name.
    """

    id: int
    kiosk_id: int | None
    kiosk: str
    site: str
    sha256: str
    body: bytes
    state: str
    arrived_at: int
    uid: str | None
    ack: dict[str, str] | None


class Filed(NamedTuple):
    """Who has to act, and by when; `tail` is what is stored of the last four digits."""

    agency: str
    due_at: int | None
    due_what: str
    tail: str = ""


class Answer(NamedTuple):
    """The signed word to the kiosk, and when it was said."""

    ack: Signed
    at: int


def arrived(conn: Connection, limit: int) -> list[int]:
    """Rows that wait to be judged, oldest first."""
    query = select(record.c.id).where(record.c.state == "arrived").order_by(record.c.id)
    return [*conn.scalars(query.limit(limit))]


def row(conn: Connection, number: int) -> Arrived | None:
    names = ("sha256", "body", "state", "arrived_at", "uid", "ack")
    site = func.coalesce(kiosk.c.site_code, "")
    columns: list[Any] = [record.c.id, record.c.kiosk_id, _NAME, site]
    query = select(*columns, *(record.c[name] for name in names))
    query = query.outerjoin_from(record, kiosk, kiosk.c.id == record.c.kiosk_id)
    found = conn.execute(query.where(record.c.id == number)).first()
    return None if found is None else Arrived(*found)


def keys_of(conn: Connection, kiosk_id: int | None) -> dict[str, str]:
    """Of a kiosk's portal, those it had before too: what they signed may come late."""
    query = select(record_key.c.key_id, record_key.c.public)
    rows = conn.execute(query.where(record_key.c.kiosk_id == kiosk_id))
    return {one.key_id: one.public for one in rows}


def check_number(conn: Connection, one: Arrived, found: Found) -> None:
    """Raises Refusal when number or id stands for another record of this kiosk already."""
    head = found.head
    same = or_(submission.c.number == head.number, submission.c.uid == head.id)
    query = select(submission.c.id).where(submission.c.kiosk_id == one.kiosk_id, same)
    if conn.scalar(query.limit(1)) is not None:
        raise Refusal("number")


def file(conn: Connection, one: Arrived, found: Found) -> Filed:
    """Raises Refusal for a service that the office does not know."""
    head = found.head
    row_ = conn.execute(select(tenant).where(tenant.c.code == head.tenant)).first()
    government = None if row_ is None else _read(row_.document, Tenant)
    if row_ is None or government is None:
        raise Refusal("service")
    days = _read(row_.holidays, Holidays) or NO_HOLIDAYS
    calendar = Calendar(days, government.utc_offset_min)
    if head.kind == "complain" and head.service == government.complaint:
        agencies = {each.code: each.agency for each in government.categories}
        agency, sla = agencies.get(head.category, government.complaint_agency), None
    else:
        pack = known.service(conn, head.tenant, head.service, head.revision)
        if pack is None or head.kind != "apply":
            raise Refusal("service")
        agency, sla = pack.agency, pack.standard.duration.working_days
    limit = first(head.kind, one.arrived_at, sla, calendar)
    return Filed(agency, limit.due_at, limit.what)


def accept(conn: Connection, one: Arrived, found: Found, filed: Filed, answer: Answer) -> None:
    """From here on it is a submission."""
    head, content = found
    _judged(conn, one, "accept", answer)
    point = content.point
    made = conn.execute(
        insert(submission).values(
            record_id=one.id,
            kiosk_id=one.kiosk_id,
            uid=head.id,
            number=head.number,
            kind=head.kind,
            tenant=head.tenant,
            service=head.service,
            revision=head.revision,
            agency=filed.agency,
            place=head.place,
            category=head.category,
            class_=_class(found),
            anonymity=content.contact.anonymity,
            tail=filed.tail,
            ticket=ticket_sha256(content.ticket) if content.ticket else "",
            made_at=head.made_at,
            arrived_at=one.arrived_at,
            state="submitted",
            state_at=answer.at,
            due_at=filed.due_at,
            due_what=filed.due_what,
            lat=None if point is None else round(point.lat * 100),
            lng=None if point is None else round(point.lng * 100),
        )
    )
    (number,) = made.inserted_primary_key or (0,)
    words = {"by": REGISTRAR, "event": "submit", "old": "", "new": "submitted"}
    conn.execute(insert(submission_event).values(submission_id=number, at=answer.at, **words))
    back.enqueue(conn, int(number), head.tenant, head.service, answer.at)
    changes.record(conn, "inbox", None, str(number), answer.at)


def refuse(conn: Connection, one: Arrived, why: str, answer: Answer) -> None:
    """It stays as it is, with its reason, until a person has looked or its time is over."""
    _judged(conn, one, "refuse", answer, why)
    detail = {"record": one.id, "why": why, "sha256": one.sha256}
    entry = Entry(REGISTRAR, "record.refuse", one.kiosk, one.site, detail=detail)
    append(conn, entry, answer.at)


def sign_anew(conn: Connection, one: Arrived, ack: Signed) -> None:
    """The same word about it, by another key."""
    query = update(record).where(record.c.id == one.id, record.c.state == one.state)
    conn.execute(query.values(ack=msgspec.to_builtins(ack)))


def judge_again(conn: Connection, number: int, who: str, now: int) -> bool:
    """A refused record waits to be judged anew, since somebody mended what was wrong."""
    one = row(conn, number)
    if one is None or one.state != "refused" or not one.body:
        return False
    same = and_(record.c.id == number, record.c.state == "refused")
    values = {"state": move(RECORD, "refused", "judge"), "state_at": now, "why": "", "ack": None}
    conn.execute(update(record).where(same).values(**values))
    append(conn, Entry(who, "record.judge", one.kiosk, one.site, detail={"record": number}), now)
    return True


def refused(conn: Connection) -> list[Any]:
    """Rows (id, kiosk, why, arrived_at, size) of what stays aside, newest first."""
    names = ("why", "arrived_at", "size")
    columns: list[Any] = [record.c.id, _NAME, *(record.c[name] for name in names)]
    query = select(*columns).outerjoin_from(record, kiosk, kiosk.c.id == record.c.kiosk_id)
    query = query.where(record.c.state == "refused", func.length(record.c.body) > 0)
    return [*conn.execute(query.order_by(record.c.id.desc()))]


def _judged(conn: Connection, one: Arrived, event: str, answer: Answer, why: str = "") -> None:
    values = {"state": move(RECORD, one.state, event), "state_at": answer.at, "why": why}
    same = and_(record.c.id == one.id, record.c.state == one.state)
    query = update(record).where(same).values(**values)
    if conn.execute(query.values(ack=msgspec.to_builtins(answer.ack))).rowcount != 1:
        raise RuntimeError(f"record {one.id} was judged by somebody else: two registrars run")


def _class(found: Found) -> str:
    said = found.content.fields.get("class")
    if found.head.kind != "complain":
        return ""
    return said if isinstance(said, str) and said in _CLASSES else _CLASSES[0]


def _read(value: Any, kind: Any) -> Any:
    try:
        return None if value is None else msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None
