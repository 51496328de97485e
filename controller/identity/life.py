"""A certificate's life after enrolment: its first use, its renewal.

Owns `current` and `superseded`. A new certificate ends the old ones only when its key is first
used: until then a reply that was lost costs nothing. A renewal is asked for by a key that still
counts; who enrolled anew (a replaced machine) ends every other, who renewed only what came before.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select, update

from controller.identity.csr import Request
from controller.identity.redeem import LIVE, Asked, Denied, ask, key_trouble
from controller.identity.states import By, Said, hold, move_certificates, state_of, tell
from controller.store.identity_tables import certificate
from wire.door import GRACE_DAYS
from wire.lifecycle import CERTIFICATE, move

GRACE_MS: Final = GRACE_DAYS * 86_400_000
MOST_OPEN: Final = 3  # renewals asked for and not used yet, a kiosk
_DOOR: Final = By("door")


def first_use(conn: Connection, certificate_id: int, now: int, by: By = _DOOR) -> bool:
    """Whether this was it: `issued` becomes `current`, the others it replaces `superseded`."""
    mine = conn.execute(select(certificate).where(certificate.c.id == certificate_id)).one()
    subject = hold(conn, mine.kiosk_id)
    fresh = (certificate.c.id == certificate_id, certificate.c.state == "issued")
    values = {"state": move(CERTIFICATE, "issued", "use"), "first_used_at": now}
    if conn.execute(update(certificate).where(*fresh).values(values)).rowcount != 1:
        return False
    others = and_(certificate.c.kiosk_id == subject.id, _replaced(mine))
    why = f"replaced by {mine.serial}"
    ended = move_certificates(conn, "supersede", why, now, others)
    move_certificates(conn, "refuse", why, now, others)
    detail = {"serial": mine.serial, "via": mine.via, "superseded": ended}
    tell(conn, by, [Said("certificate.first_use", subject, detail)], now)
    return True


def renew(
    conn: Connection, signer_id: int, request: Request, address: str, now: int
) -> Asked | Denied:
    """`signer_id` is the certificate whose key signed the wish. Inside a `writing` transaction."""
    query = select(certificate).where(certificate.c.id == signer_id)
    kiosk_id = conn.execute(query).one().kiosk_id
    subject = hold(conn, kiosk_id)
    signer = conn.execute(query).one()  # again: what was read before the kiosk was held is hearsay
    denied = trouble(signer.state, signer.not_after, state_of(conn, kiosk_id), now)
    if denied is not None:
        return denied
    known = _asked_before(conn, kiosk_id, request)
    if known is not None:
        return Asked(known, subject.name, again=True)
    denied = _too_many(conn, kiosk_id) or key_trouble(conn, subject, request)
    if denied is not None:
        return denied
    made = ask(conn, subject, request, "renew", now)
    detail = {"certificate": made, "key": request.key_sha256[:16], "signed_by": signer.serial}
    tell(conn, By("door", address), [Said("certificate.renew", subject, detail)], now)
    return Asked(made, subject.name, again=False)


def trouble(certificate_state: str, not_after: int, state: str, now: int) -> Denied | None:
    """Why a certificate does not count, although its key signed rightly."""
    if state != "active" or certificate_state in ("revoked", "refused"):
        return Denied("revoked", "technician", f"this kiosk is {state}: it needs a new code")
    if certificate_state == "superseded":
        return Denied("superseded", "kiosk", "a newer certificate is in use: use that one")
    if now > not_after + GRACE_MS:
        why = f"the certificate ended more than {GRACE_DAYS} days ago: the kiosk needs a new code"
        return Denied("expired", "technician", why)
    return None


def _replaced(mine: Any) -> ColumnElement[bool]:
    """Which others end by the first use of `mine`.

    A newer enrolment, or one not used yet, belongs to other hardware that a person invited.
    """
    enrolled = certificate.c.via == "enrol"
    if mine.via == "enrol":
        return and_(certificate.c.id != mine.id, not_(and_(enrolled, certificate.c.id > mine.id)))
    unused = and_(enrolled, certificate.c.state.in_(("requested", "issued")))
    return and_(certificate.c.id < mine.id, not_(unused))


def _asked_before(conn: Connection, kiosk_id: int, request: Request) -> int | None:
    query = select(func.max(certificate.c.id)).where(
        certificate.c.kiosk_id == kiosk_id,
        certificate.c.csr_sha256 == request.csr_sha256,
        certificate.c.via == "renew",
        certificate.c.state.in_(LIVE),
    )
    known: int | None = conn.scalar(query)
    return known


def _too_many(conn: Connection, kiosk_id: int) -> Denied | None:
    waiting = or_(certificate.c.state == "requested", certificate.c.state == "issued")
    query = select(func.count()).where(
        certificate.c.kiosk_id == kiosk_id, certificate.c.via == "renew", waiting
    )
    if (conn.scalar(query) or 0) < MOST_OPEN:
        return None
    return Denied("too_many", "kiosk", f"{MOST_OPEN} renewals wait for their first use: use one")
