"""What the office's books say about ends, and where it is written that an end is proven.

Reads and writes `certificate` and `identity` for the lists; decides nothing about them. Every
write is conditional on the state it is about.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, exists, select, update

from controller.identity.states import (
    By,
    Said,
    hold_all,
    move_certificates,
    move_identity,
    state_of,
    tell,
)
from controller.store.identity_tables import certificate, identity, muted
from controller.store.slices import slices
from controller.store.tables import kiosk
from provisioning.authority.ended import Ended

SHUT: Final = ("quarantined", "revoked", "decommissioned")
ENDED: Final = ("revoked", "superseded")
LIVE: Final = ("issued", "current")
_RESTORED: Final = "on the revocation list already: the database is older than the list"
_WARDEN: Final = By("warden")


class Gone(NamedTuple):
    """A certificate that ended; `id` is its row."""

    id: int
    kiosk: str
    ended: Ended


def unlisted(conn: Connection, states: Collection[str] = ENDED) -> list[Gone]:
    """Ended, and the broker was not yet proven to know."""
    return _gone(conn, states, certificate.c.listed_at.is_(None))


def all_ended(conn: Connection, since: int) -> list[Gone]:
    """Everything that ended after `since` (milliseconds)."""
    return _gone(conn, ENDED, certificate.c.ended_at > since)


def shut_kiosks(conn: Connection, now: int) -> dict[int, str]:
    """Who is ended, or muted for now: kiosk id -> name. Cheap: asked twice a second."""
    query = select(kiosk.c.id, kiosk.c.name)
    ended = query.join(identity, identity.c.kiosk_id == kiosk.c.id)
    quiet = query.join(muted, muted.c.kiosk_id == kiosk.c.id).where(muted.c.until > now)
    found = conn.execute(ended.where(identity.c.state.in_(SHUT)).union(quiet))
    return {row[0]: row[1] for row in found}


def not_yet_shut(conn: Connection) -> set[str]:
    """Names of kiosks that ended, and were never proven to be refused."""
    query = select(kiosk.c.name).join(identity, identity.c.kiosk_id == kiosk.c.id)
    return {*conn.scalars(query.where(identity.c.state.in_(SHUT), identity.c.shut_at.is_(None)))}


def waiting_again(conn: Connection, among: Collection[int] | None = None) -> dict[int, str]:
    """Who had a certificate once and waits for an enrolment: still denied. All, or of `among`."""
    had = exists().where(certificate.c.kiosk_id == kiosk.c.id, certificate.c.serial.is_not(None))
    query = select(kiosk.c.id, kiosk.c.name).join(identity, identity.c.kiosk_id == kiosk.c.id)
    query = query.where(identity.c.state == "pending", had)
    if among is None:
        return {row[0]: row[1] for row in conn.execute(query)}
    return {
        row[0]: row[1]
        for chunk in slices(sorted(among))
        for row in conn.execute(query.where(kiosk.c.id.in_(chunk)))
    }


def proven(conn: Connection, gone: Iterable[int], kiosks: Iterable[int], at: int) -> None:
    """The broker knows that these certificates (row ids) and these kiosks (ids) ended."""
    for chunk in slices(sorted(gone)):
        rows = (certificate.c.id.in_(chunk), certificate.c.listed_at.is_(None))
        conn.execute(update(certificate).where(*rows).values(listed_at=at))
    for chunk in slices(sorted(kiosks)):
        same = (identity.c.kiosk_id.in_(chunk), identity.c.shut_at.is_(None))
        query = update(identity).where(*same, identity.c.state.in_(SHUT))
        conn.execute(query.values(shut_at=at))


def revived(conn: Connection, listed: Mapping[int, Ended]) -> list[Gone]:
    """Certificates that count in the books although the list on disk says they ended.

    So it is after a database was restored from an older backup.
    """
    columns = (certificate.c.id, kiosk.c.name, certificate.c.serial)
    query = select(*columns).join(kiosk, kiosk.c.id == certificate.c.kiosk_id)
    live = conn.execute(query.where(certificate.c.state.in_(LIVE)).order_by(certificate.c.id))
    found = ((row, listed.get(int(row.serial, 16))) for row in live)
    return [Gone(row.id, row.name, ended) for row, ended in found if ended is not None]


def end_again(conn: Connection, one: Gone, now: int) -> None:
    """Ends it in the books too, and the kiosk when it has no other. A transaction of its own."""
    subject = hold_all(conn, [one.kiosk])[0]
    event = "supersede" if one.ended.why == "superseded" else "revoke"
    if not move_certificates(conn, event, _RESTORED, now, certificate.c.id == one.id):
        return
    detail = {"serial": f"{one.ended.serial:x}", "why": _RESTORED}
    said = [Said(f"certificate.{event}", subject, detail)]
    mine = (certificate.c.kiosk_id == subject.id, certificate.c.state.in_(LIVE))
    alone = not conn.scalar(select(exists().where(*mine)))
    if event == "revoke" and alone and state_of(conn, subject.id) == "active":
        move_identity(conn, subject.id, "revoke", _RESTORED, now)
        said.append(Said("identity.revoke", subject, {"why": _RESTORED}))
    tell(conn, _WARDEN, said, now)


def _gone(conn: Connection, states: Collection[str], more: Any) -> list[Gone]:
    columns = (certificate.c.id, kiosk.c.name, certificate.c.serial, certificate.c.ended_at)
    query = select(*columns, certificate.c.state).join(kiosk, kiosk.c.id == certificate.c.kiosk_id)
    wanted = (certificate.c.state.in_(states), certificate.c.serial.is_not(None), more)
    return [
        Gone(row.id, row.name, Ended(int(row.serial, 16), row.ended_at or 0, row.state))
        for row in conn.execute(query.where(*wanted).order_by(certificate.c.id))
    ]
