"""Opens what citizens wrote, for people who may, and writes every look down before it answers.

Believes nobody about a right: who asks is an account's number, and power and district are read
from the database each time. An office program that was taken over can still ask in somebody's
name: a brake on how many an account opens in an hour keeps it from taking everything away.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select

from controller.people.audit import Entry, append
from controller.people.persons import person
from controller.people.powers import Person
from controller.registrar import judge
from controller.registrar.books import REGISTRAR
from controller.registrar.brake import Brake
from controller.registrar.client import CannotOpen
from controller.registrar.held import Ring
from controller.registrar.keys import CannotUnseal
from controller.registrar.protocol import MOST_NOTE, What
from controller.registrar.seals import note_info, photo_info
from controller.store.citizen_tables import opening, photo, record, submission, submission_event
from controller.store.engine import writing
from controller.store.people_tables import account, grant
from wire.errors import MalformedMessage
from wire.submission import MOST_PHOTO, MOST_PHOTOS, Contact, Content, pad, read, unpad

MOST_AN_HOUR: Final = 600
_POWER: Final = {"export": "inbox.export"}  # all others: inbox.open
_SECRETS: Final = "inbox.assign"  # who sees the name of one who wants to stay secret


class Row(NamedTuple):
    """Of `submission`, and the bytes it came in."""

    id: int
    uid: str
    number: str
    place: str
    kiosk_id: int
    ticket: str
    body: bytes


class Opener:
    """`wall` gives milliseconds since 1970. For many threads."""

    def __init__(
        self,
        engine: Engine,
        ring: Ring,
        wall: Callable[[], int],
        brake: Brake | None = None,
    ) -> None:
        self._engine, self._ring, self._wall = engine, ring, wall
        self._brake = brake or Brake(MOST_AN_HOUR, "looks")

    def open(self, number: int, account_id: int, what: What) -> Content:
        """Raises CannotOpen, SQLAlchemyError."""
        with self._written_down(number, account_id, what) as (row, who):
            return _as_seen(self._content(row), who, row.place)

    def photos(self, number: int, account_id: int) -> tuple[bytes, ...]:
        """Those that came with it, then those from a telephone. Raises as `open`."""
        with self._written_down(number, account_id, "photo") as (row, _):
            content = self._content(row)
            return (*_pictures(content), *self._late(row))

    def seal_note(self, number: int, account_id: int, text: str) -> tuple[bytes, str]:
        """Nothing is looked at, so nothing is written down. Raises as `open`."""
        with self._engine.connect() as conn:
            row, _ = _allowed(_row(conn, number), person_of(conn, account_id), "note")
        info = note_info(row.uid)
        return self._ring().seal(pad(text[:MOST_NOTE].encode()), info, self._wall())

    def notes(self, number: int, account_id: int) -> dict[int, str]:
        """By the row of their event. Raises as `open`."""
        with self._written_down(number, account_id, "note") as (row, _):
            sealed = self._sealed_notes(number)
            found = {one.id: self._note(one.note_seal, one.note, row.uid) for one in sealed}
            return {event: text for event, text in found.items() if text is not None}

    @contextmanager
    def _written_down(
        self, number: int, account_id: int, what: What
    ) -> Iterator[tuple[Row, Person]]:
        """The look is in the books, durable, before anything is opened; a refused one too."""
        now = self._wall()
        self._brake.check(account_id, now)
        refusal: CannotOpen | None = None
        with writing(self._engine) as conn:
            row, who = _row(conn, number), person_of(conn, account_id)
            try:
                look = _allowed(row, who, what)
            except CannotOpen as error:
                refusal = error
                _note_refused(conn, row, who, what, now)
            else:
                _note_look(conn, *look, what, now)
        if refusal is not None:  # it stands in the books now
            raise refusal
        yield look

    def _content(self, row: Row) -> Content:
        try:
            return judge.content_of(read(row.body), self._ring().unseal)
        except (judge.Refusal, MalformedMessage):
            why = "the office has lost the key of this record: the administrator restores it"
            raise CannotOpen("sealed", why) from None

    def _late(self, row: Row) -> list[bytes]:
        if not row.ticket:
            return []
        query = select(photo.c.body, photo.c.seal)
        same = (photo.c.ticket == row.ticket, photo.c.kiosk_id == row.kiosk_id)
        with self._engine.connect() as conn:
            rows = conn.execute(query.where(*same).order_by(photo.c.id).limit(MOST_PHOTOS)).all()
        try:
            info = photo_info(row.ticket)
            return [unpad(self._ring().unseal(one.seal, one.body, info)) for one in rows]
        except (CannotUnseal, MalformedMessage):
            why = "the office has lost the key of its photos: the administrator restores it"
            raise CannotOpen("sealed", why) from None

    def _sealed_notes(self, number: int) -> list[Any]:
        names = [submission_event.c[name] for name in ("id", "note", "note_seal")]
        has = (submission_event.c.submission_id == number, submission_event.c.note.is_not(None))
        with self._engine.connect() as conn:
            return [*conn.execute(select(*names).where(*has))]

    def _note(self, key: str, sealed: bytes, uid: str) -> str | None:
        try:
            return unpad(self._ring().unseal(key, sealed, note_info(uid))).decode()
        except (CannotUnseal, MalformedMessage, UnicodeDecodeError):
            return None


def _allowed(row: Row | None, who: Person | None, what: What) -> tuple[Row, Person]:
    """Raises CannotOpen."""
    if who is None or row is None or not who.may(_POWER.get(what, "inbox.open"), row.place):
        why = "there is no such submission in the districts in which this person answers citizens"
        raise CannotOpen("denied" if row is not None else "unknown", why)
    return row, who


def _note_look(conn: Connection, row: Row, who: Person, what: What, now: int) -> None:
    """Raises CannotOpen where nothing is left to be looked at."""
    if not row.body:
        raise CannotOpen("gone", "what was written was destroyed when its time was over")
    values = {"submission_id": row.id, "at": now, "by": who.login, "what": what}
    conn.execute(insert(opening).values(**values))
    detail = {"what": what, "submission": row.id}
    append(conn, Entry(who.login, "inbox.open", row.number, row.place, "", detail), now)


def _note_refused(
    conn: Connection, row: Row | None, who: Person | None, what: What, now: int
) -> None:
    """Written down: the console asks for nobody who may not, so somebody else does."""
    if row is None or who is None:
        return
    detail = {"method": "registrar", "path": what, "by": REGISTRAR}
    append(conn, Entry(who.login, "refused.place", row.number, row.place, "", detail), now)


def person_of(conn: Connection, account_id: int) -> Person | None:
    """With what is granted now; None for who is out, or never was there."""
    columns = (account.c.id, account.c.login, account.c.name, grant.c.role, grant.c.district)
    query = select(*columns).outerjoin_from(account, grant)
    found = conn.execute(query.where(account.c.id == account_id, account.c.disabled_at.is_(None)))
    rows = found.all()
    return person(rows) if rows else None


def _row(conn: Connection, number: int) -> Row | None:
    # One that names no place lies in its whole tenant, as in the inbox: "" would be everywhere.
    where = func.coalesce(func.nullif(submission.c.place, ""), submission.c.tenant)
    names = ("id", "uid", "number"), ("kiosk_id", "ticket")
    first, last = ([submission.c[name] for name in some] for some in names)
    query = select(*first, where, *last, record.c.body)
    query = query.join_from(submission, record, record.c.id == submission.c.record_id)
    found: Any = conn.execute(query.where(submission.c.id == number)).first()
    return None if found is None else Row(*found)


def _pictures(content: Content) -> list[bytes]:
    """Of a kiosk that was opened up they may be anything: what is none keeps nothing else back."""
    found = []
    for one in content.photos:
        try:
            found.append(b64decode(one.jpeg, validate=True))
        except ValueError:
            continue
    return [one for one in found if len(one) <= MOST_PHOTO]


def _as_seen(content: Content, who: Person, place: str) -> Content:
    """Who wants to stay secret is known to those only who assign the work."""
    secret = content.contact.anonymity != "named" and not who.may(_SECRETS, place)
    if not secret:
        return content
    hidden = Contact(anonymity=content.contact.anonymity)
    return msgspec.structs.replace(content, contact=hidden)
