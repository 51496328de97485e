"""One-time tokens: issued for one kiosk at one site, withdrawn, listed. Redeeming is in redeem.py.

Owns the rows of `invitation` up to their use. Keeps of a token only its hash: the code is seen
once, by whoever issued it. A kiosk has at most one open invitation: a new one withdraws the old.
"""

from collections.abc import Callable, Iterable
from secrets import token_bytes
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select, update

from controller.identity.states import By, Said, Subject, hold, hold_all, move_identity, tell
from controller.store.identity_tables import invitation
from wire.invitation import PIN_BYTES, TOKEN_BYTES, Invitation

LIFE_MS: Final = 24 * 3600 * 1000
_OPEN: Final = (invitation.c.used_at.is_(None), invitation.c.withdrawn_at.is_(None))


class Row(NamedTuple):
    """As stored, without its hash. Times are milliseconds since 1970."""

    id: int
    kiosk_id: int
    site_code: str
    issued_at: int
    issued_by: str
    expires_at: int
    withdrawn_at: int | None
    used_at: int | None
    used_from: str | None

    def state(self, now: int) -> str:
        """open, used, withdrawn or expired."""
        if self.used_at is not None:
            return "used"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "open" if now < self.expires_at else "expired"


def issue(
    conn: Connection,
    kiosk_id: int,
    pin: bytes,
    by: By,
    now: int,
    *,
    draw: Callable[[int], bytes] = token_bytes,
) -> Invitation:
    """A new invitation, the only time its token is seen. `pin` of the server's authority.

    Raises NoSuchKiosk, and IllegalMove for a kiosk that is decommissioned.
    """
    return _issue(conn, [hold(conn, kiosk_id)], pin, by, now, draw=draw)[0]


def issue_all(
    conn: Connection,
    names: Iterable[str],
    pin: bytes,
    by: By,
    now: int,
    *,
    draw: Callable[[int], bytes] = token_bytes,
) -> dict[str, Invitation]:
    """As `issue`, by kiosk name, all of them or none."""
    kiosks = hold_all(conn, names)
    made = _issue(conn, kiosks, pin, by, now, draw=draw)
    return dict(zip((one.name for one in kiosks), made, strict=True))


def withdraw(conn: Connection, kiosk_id: int, by: By, now: int) -> bool:
    """Whether there was an open one. Raises NoSuchKiosk."""
    subject = hold(conn, kiosk_id)
    gone = withdraw_open(conn, kiosk_id, now)
    if gone:
        tell(conn, by, [Said("identity.withdraw", subject, {})], now)
    return gone > 0


def withdraw_open(conn: Connection, kiosk_id: int, now: int) -> int:
    """For whoever holds the kiosk and tells of it."""
    mine: ColumnElement[bool] = invitation.c.kiosk_id == kiosk_id
    query = update(invitation).where(mine, *_OPEN)
    return conn.execute(query.values(withdrawn_at=now)).rowcount


def invitations_of(conn: Connection, kiosk_id: int) -> list[Row]:
    """Newest first."""
    query = select(*_columns()).where(invitation.c.kiosk_id == kiosk_id)
    return [Row(*row) for row in conn.execute(query.order_by(invitation.c.id.desc()))]


def _issue(
    conn: Connection,
    kiosks: list[Subject],
    pin: bytes,
    by: By,
    now: int,
    *,
    draw: Callable[[int], bytes],
) -> list[Invitation]:
    if len(pin) != PIN_BYTES:
        raise ValueError(f"the pin of an authority has {PIN_BYTES} bytes, not {len(pin)}")
    made = [Invitation(draw(TOKEN_BYTES), pin) for _ in kiosks]
    for one in kiosks:
        move_identity(conn, one.id, "invite", f"invited by {by.who}", now)
        withdraw_open(conn, one.id, now)
    rows = [_row(one, new, by, now) for one, new in zip(kiosks, made, strict=True)]
    if rows:
        conn.execute(insert(invitation), rows)
    detail = {"expires_at": now + LIFE_MS}
    tell(conn, by, (Said("identity.invite", one, detail) for one in kiosks), now)
    return made


def _row(subject: Subject, made: Invitation, by: By, now: int) -> dict[str, Any]:
    return {
        "kiosk_id": subject.id,
        "site_code": subject.site_code,
        "token_sha256": made.token_sha256,
        "issued_at": now,
        "issued_by": by.who[:80],
        "expires_at": now + LIFE_MS,
    }


def _columns() -> list[ColumnElement[Any]]:
    return [invitation.c[name] for name in Row._fields]
