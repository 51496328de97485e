"""The end of an identity: revoked, quarantined, decommissioned; each with its reason.

Owns the three ends and what they take with them: every certificate and the open invitation. Writes
only the books: the warden reads them, makes the broker refuse the kiosk and says when that is
proven (`identity.shut_at`). There is no way back but a new invitation: `release` is one.
"""

from typing import Final

from sqlalchemy import Connection

from controller.identity.invitations import issue, withdraw_open
from controller.identity.states import (
    By,
    Said,
    hold,
    move_certificates,
    move_identity,
    state_of,
    tell,
)
from controller.store.identity_tables import certificate
from wire.invitation import Invitation
from wire.lifecycle import IllegalMove

CONTROLLER: Final = By("controller")
MOST_REASON: Final = 200


def revoke(conn: Connection, kiosk_id: int, why: str, by: By, now: int) -> bool:
    """Whether this ended it; False when it was revoked already.

    Raises NoSuchKiosk, ValueError for an empty or endless reason, IllegalMove where there is
    nothing to revoke.
    """
    return _end(conn, kiosk_id, why, by, now, event="revoke")


def decommission(conn: Connection, kiosk_id: int, why: str, by: By, now: int) -> bool:
    """As `revoke`, for good: the name is never used again."""
    return _end(conn, kiosk_id, why, by, now, event="decommission")


def quarantine(conn: Connection, kiosk_id: int, why: str, now: int, by: By = CONTROLLER) -> bool:
    """Two machines use one identity: both are shut out until a person has looked.

    Cheap for a kiosk that is not active: one look, and False, without an error. Its certificates
    are revoked: a key that was copied is nobody's any more.
    """
    if state_of(conn, kiosk_id) != "active":
        return False
    try:
        return _end(conn, kiosk_id, why, by, now, event="quarantine")
    except IllegalMove:  # a person was faster
        return False


def release(conn: Connection, kiosk_id: int, pin: bytes, by: By, now: int) -> Invitation:
    """The machine that is ours is invited anew. Raises IllegalMove unless it is quarantined."""
    hold(conn, kiosk_id)
    state = state_of(conn, kiosk_id)
    if state != "quarantined":
        raise IllegalMove(f"'release' in state {state!r}")
    return issue(conn, kiosk_id, pin, by, now)


def _end(conn: Connection, kiosk_id: int, why: str, by: By, now: int, *, event: str) -> bool:
    reason = " ".join(why.split())
    if not 0 < len(reason) <= MOST_REASON or not reason.isprintable():
        raise ValueError(f"say why, in 1 to {MOST_REASON} printable characters")
    subject = hold(conn, kiosk_id)
    if not move_identity(conn, kiosk_id, event, reason, now):
        return False
    mine = certificate.c.kiosk_id == subject.id
    ended = move_certificates(conn, "revoke", f"{event}: {reason}", now, mine)
    withdrawn = withdraw_open(conn, subject.id, now)
    detail = {"why": reason, "certificates": ended, "invitations": withdrawn}
    tell(conn, by, [Said(f"identity.{event}", subject, detail)], now)
    return True
