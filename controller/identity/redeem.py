"""A token becomes a certificate request, exactly once; the same request may come again for a while.

Owns the use of an invitation. The decision is one UPDATE conditional on nobody having used the
token (or this very request having done so within ten minutes: its reply was lost). A refusal is
returned, not raised: it is written to the audit log in the same transaction.
"""

import hashlib
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from controller.identity.csr import Request
from controller.identity.states import By, Said, Subject, hold, move_identity, state_of, tell
from controller.store.identity_tables import certificate, invitation
from controller.store.tables import kiosk
from wire.lifecycle import IDENTITY

AGAIN_MS: Final = 600_000
LIVE: Final = ("requested", "issued", "current")


class Denied(NamedTuple):
    """As wire.door.Refusal: a code for programs, who must act, and why in words."""

    code: str
    who: str
    detail: str


class Asked(NamedTuple):
    """A certificate that was asked for; the warden signs it. `again` when it was there already."""

    certificate_id: int
    kiosk: str
    again: bool


UNKNOWN: Final = Denied("token", "technician", "nobody issued this code: ask for a new one")


def is_known(conn: Connection, token: bytes) -> bool:
    """Whether anybody issued it: a look that keeps guesses away from the one writer."""
    token_sha256 = hashlib.sha256(token).hexdigest()
    query = select(invitation.c.id).where(invitation.c.token_sha256 == token_sha256)
    return conn.scalar(query) is not None


def redeem(
    conn: Connection, token: bytes, request: Request, address: str, now: int
) -> Asked | Denied:
    """Inside a `writing` transaction. `address` is where the kiosk called from."""
    by, token_sha256 = By("door", address), hashlib.sha256(token).hexdigest()
    found = select(invitation.c.kiosk_id).where(invitation.c.token_sha256 == token_sha256)
    kiosk_id = conn.scalar(found)
    if kiosk_id is None:
        return UNKNOWN
    subject = hold(conn, kiosk_id)
    first = _before(conn, token_sha256)
    denied = (
        None if first["csr_sha256"] == request.csr_sha256 else key_trouble(conn, subject, request)
    )
    if denied is None:
        answer = _use(conn, token_sha256, subject, request, by=by, now=now)
        if isinstance(answer, Asked):
            return answer
        denied = answer or _why_not(first, now)
    detail = {"code": denied.code, "csr": request.csr_sha256[:16]}
    tell(conn, by, [Said("identity.enrol_refused", subject, detail)], now)
    return denied


def key_trouble(conn: Connection, subject: Subject, request: Request) -> Denied | None:
    """A key belongs to one kiosk and one request; an ended one never comes back."""
    columns = (certificate.c.kiosk_id, certificate.c.csr_sha256, certificate.c.state)
    query = select(*columns).where(certificate.c.key_sha256 == request.key_sha256)
    for kiosk_id, csr_sha256, state in conn.execute(query):
        if kiosk_id != subject.id:
            return Denied("key_taken", "kiosk", "this key belongs to another kiosk: make a new one")
        if csr_sha256 != request.csr_sha256 or state not in ("requested", "issued"):
            return Denied("key_used", "kiosk", "this key was used before: make a new one")
    return None


def ask(conn: Connection, subject: Subject, request: Request, via: str, now: int) -> int:
    """A row for the warden to sign; its number. Of whoever holds the kiosk."""
    values = {
        "kiosk_id": subject.id,
        "state": "requested",
        "via": via,
        "csr": request.der,
        "csr_sha256": request.csr_sha256,
        "key_sha256": request.key_sha256,
        "requested_at": now,
    }
    return conn.scalar(insert(certificate).values(values).returning(certificate.c.id)) or 0


def _before(conn: Connection, token_sha256: str) -> dict[str, Any]:
    """The invitation as it is, read while the kiosk is held."""
    query = select(invitation).where(invitation.c.token_sha256 == token_sha256)
    return dict(conn.execute(query).mappings().one())


def _use(
    conn: Connection, token_sha256: str, subject: Subject, request: Request, *, by: By, now: int
) -> Asked | Denied | None:
    """None when the token may not be used (again)."""
    if (state_of(conn, subject.id), "enrol") not in IDENTITY:
        return Denied("revoked", "technician", f"{subject.name} was ended: ask for a new code")
    used_at = _spend(conn, token_sha256, request, by.address, now)
    if used_at is None:
        return None
    known = _known(conn, subject.id, request, used_at)
    if known is not None:
        certificate_id, state = known
        if state in LIVE:
            return Asked(certificate_id, subject.name, again=True)
        return Denied("revoked", "technician", f"this certificate is {state}: ask for a new code")
    certificate_id = ask(conn, subject, request, "enrol", now)
    move_identity(conn, subject.id, "enrol", "enrolled by its invitation", now)
    detail = {"certificate": certificate_id, "key": request.key_sha256[:16]}
    tell(conn, by, [Said("identity.enrol", subject, detail)], now)
    return Asked(certificate_id, subject.name, again=False)


def _spend(
    conn: Connection, token_sha256: str, request: Request, address: str, now: int
) -> int | None:
    """When the token was first used; None when it may not be (again)."""
    stands = select(kiosk.c.site_code).where(kiosk.c.id == invitation.c.kiosk_id).scalar_subquery()
    unused = and_(
        invitation.c.used_at.is_(None),
        invitation.c.expires_at > now,
        invitation.c.site_code == stands,
    )
    again = and_(
        invitation.c.csr_sha256 == request.csr_sha256, invitation.c.used_at > now - AGAIN_MS
    )
    spent = (
        update(invitation)
        .where(
            invitation.c.token_sha256 == token_sha256,
            invitation.c.withdrawn_at.is_(None),
            or_(unused, again),
        )
        .values(
            used_at=func.coalesce(invitation.c.used_at, now),
            used_from=func.coalesce(invitation.c.used_from, address[:64]),
            csr_sha256=request.csr_sha256,
        )
        .returning(invitation.c.used_at)
    )
    used_at: int | None = conn.scalar(spent)
    return used_at


def _known(
    conn: Connection, kiosk_id: int, request: Request, used_at: int
) -> tuple[int, str] | None:
    query = select(certificate.c.id, certificate.c.state).where(
        certificate.c.kiosk_id == kiosk_id,
        certificate.c.csr_sha256 == request.csr_sha256,
        certificate.c.via == "enrol",
        certificate.c.requested_at >= used_at,
    )
    row = conn.execute(query.order_by(certificate.c.id.desc()).limit(1)).first()
    return None if row is None else (row[0], row[1])


def _why_not(first: dict[str, Any], now: int) -> Denied:
    if first["withdrawn_at"] is not None:
        return Denied("token_withdrawn", "technician", "this code was withdrawn: use the newer one")
    if first["used_at"] is not None:
        return Denied("token_used", "technician", "this code was used already: ask for a new one")
    if first["expires_at"] <= now:
        return Denied("token_expired", "technician", "this code is too old: ask for a new one")
    return Denied("token_moved", "technician", "the kiosk was moved to another site: ask anew")
