"""The one place where an identity or a certificate changes its state, always by the table.

Owns `identity.state`, `certificate.state` and how a change is told: a row of the audit log and one
for whoever watches. Signing is the warden's: only it moves a certificate to `issued`.
Whoever changes a kiosk's identity holds the kiosk first (`hold`): on PostgreSQL two of them would
else wait for each other's rows in opposite order. For the same reason the audit log comes last.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, select, update

from controller import changes
from controller.people.audit import Entry, append_all
from controller.store.engine import insert_new
from controller.store.identity_tables import certificate, identity
from controller.store.slices import slices
from controller.store.tables import kiosk
from wire.lifecycle import CERTIFICATE, IDENTITY, IllegalMove, move

REGISTERED: Final = "registered"  # what a kiosk without a row is
MOST_WHY: Final = 300
SHUT: Final = ("quarantined", "revoked", "decommissioned")


class NoSuchKiosk(LookupError):  # noqa: N818 - says what happened, like the rest of the house
    """Nobody registered a kiosk of this name or number: the asker is wrong."""


class By(NamedTuple):
    """Who did it: a login or a part of the office, and the address it was done from."""

    who: str
    address: str = ""


class Subject(NamedTuple):
    id: int
    name: str
    site_code: str


class Said(NamedTuple):
    """One line of the audit log about a kiosk."""

    what: str
    subject: Subject
    detail: dict[str, Any]


def find(conn: Connection, name: str) -> Subject:
    """Raises NoSuchKiosk."""
    return _subjects(conn, kiosk.c.name == name, name)[0]


def hold(conn: Connection, kiosk_id: int) -> Subject:
    """The kiosk, kept from everybody else who changes identities until the transaction ends.

    Raises NoSuchKiosk.
    """
    return _subjects(conn, kiosk.c.id == kiosk_id, kiosk_id, locked=True)[0]


def hold_all(conn: Connection, names: Iterable[str]) -> list[Subject]:
    """As `hold`, in one order whoever asks. Raises NoSuchKiosk for the first that is unknown."""
    wanted = sorted(set(names))
    found = {
        one.name: one
        for some in slices(wanted)
        for one in _some(conn, kiosk.c.name.in_(some), locked=True)
    }
    for name in wanted:
        if name not in found:
            raise NoSuchKiosk(name)
    return [found[name] for name in wanted]


def state_of(conn: Connection, kiosk_id: int) -> str:
    query = select(identity.c.state).where(identity.c.kiosk_id == kiosk_id)
    return conn.scalar(query) or REGISTERED


def move_identity(conn: Connection, kiosk_id: int, event: str, why: str, now: int) -> bool:
    """Whether the state changed. Raises IllegalMove, before anything is written."""
    old = state_of(conn, kiosk_id)
    new = move(IDENTITY, old, event)
    if new == old:
        return False
    values: dict[str, Any] = {"state": new, "since": now, "why": why[:MOST_WHY]}
    if new in SHUT or new == "active":
        values["shut_at"] = None  # what was proven of the state before says nothing of this one
    if old == REGISTERED:
        made = insert_new(conn, identity).values(kiosk_id=kiosk_id, **values)
        done = conn.scalar(made.returning(identity.c.kiosk_id)) is not None
    else:
        same = (identity.c.kiosk_id == kiosk_id, identity.c.state == old)
        done = conn.execute(update(identity).where(*same).values(values)).rowcount == 1
    if not done:
        raise IllegalMove(f"{event!r}: the identity changed meanwhile; look again")
    return True


def move_certificates(
    conn: Connection, event: str, why: str, now: int, *which: ColumnElement[bool]
) -> int:
    """Ends those of `which` that the table lets end by `event`; how many there were."""
    ended = 0
    for (old, happened), new in CERTIFICATE.items():
        if happened == event and new != old:
            query = update(certificate).where(certificate.c.state == old, *which)
            values = {"state": new, "ended_at": now, "ended_why": why[:120]}
            ended += conn.execute(query.values(values)).rowcount
    return ended


def tell(conn: Connection, by: By, said: Iterable[Said], now: int) -> None:
    """The last statement of a transaction: see the top of this module and of the audit log."""
    lines = list(said)
    news = (changes.News("kiosk", one.subject.id, one.what) for one in lines)
    changes.record_all(conn, news, now)
    entries = (
        Entry(by.who, one.what, one.subject.name, one.subject.site_code, by.address, one.detail)
        for one in lines
    )
    append_all(conn, entries, now)


def _subjects(
    conn: Connection, wanted: ColumnElement[bool], said: object, *, locked: bool = False
) -> list[Subject]:
    found = _some(conn, wanted, locked=locked)
    if not found:
        raise NoSuchKiosk(said)
    return found


def _some(conn: Connection, wanted: ColumnElement[bool], *, locked: bool) -> list[Subject]:
    query = select(kiosk.c.id, kiosk.c.name, kiosk.c.site_code).where(wanted).order_by(kiosk.c.name)
    if locked:  # not against those who only refer to the kiosk, such as ingest
        query = query.with_for_update(key_share=True)
    return [Subject(*row) for row in conn.execute(query)]
