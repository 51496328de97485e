"""Which kiosk signed this request: from raw headers to a certificate that counts.

Asks in the order that costs least and tells strangers least: form, clock, key; only who holds the
key learns how its kiosk stands. Owns no state of its own.
"""

from typing import Any, NamedTuple

from limits import RateLimitItem
from sqlalchemy import Connection, select

from controller.door.allowance import Allowance
from controller.door.desk import Desk
from controller.door.refusals import Refused, denied
from controller.door.signatures import Claim, Moments, Received, claim, verify
from controller.identity.life import first_use, trouble
from controller.identity.states import REGISTERED
from controller.store.identity_tables import certificate, identity
from controller.store.tables import kiosk


class Caller(NamedTuple):
    """`state` of IDENTITY, `certificate` of CERTIFICATE; `not_after` in milliseconds."""

    certificate_id: int
    kiosk: str
    state: str
    certificate: str
    serial: str
    not_after: int
    pem: str


class Callers:
    def __init__(self, desk: Desk, moments: Moments, allowance: Allowance) -> None:
        self._desk = desk
        self._moments = moments
        self._allowance = allowance

    async def identify(
        self, received: Received, now: int, rate: RateLimitItem | None = None
    ) -> Caller:
        """Raises Refused. The first request by a new key puts its certificate in force.

        `rate`: how often a kiosk may ask this; None: as often as everything else together.
        """
        claimed = claim(received)
        self._moments.check(claimed.given)
        found = await self._desk.read(lambda conn: _verified(conn, claimed))
        self._moments.fresh(claimed.given)  # who sends it once more spends nobody's allowance
        self._allowance.signed(found.kiosk, rate)
        self._moments.spend(claimed.given)
        why = trouble(found.certificate, found.not_after, found.state, now)
        if why is not None:
            raise denied(why)
        if found.certificate == "issued":
            await self._desk.write(lambda conn: first_use(conn, found.certificate_id, now))
            return found._replace(certificate="current")
        return found


def _verified(conn: Connection, claimed: Claim) -> Caller:
    """Looked up and computed in one go, in a thread of the desk."""
    found = _find(conn, claimed.given.keyid)
    if found is None:
        why = "the office has no certificate of this serial: the kiosk needs a new code"
        raise Refused("unknown", why)
    verify(claimed, found.pem)
    return found


def _find(conn: Connection, serial: str) -> Caller | None:
    columns: list[Any] = [certificate.c.id, kiosk.c.name, identity.c.state]
    columns += [certificate.c[name] for name in ("state", "serial", "not_after", "pem")]
    query = (
        select(*columns)
        .join_from(certificate, kiosk, kiosk.c.id == certificate.c.kiosk_id)
        .outerjoin(identity, identity.c.kiosk_id == certificate.c.kiosk_id)
        .where(certificate.c.serial == serial, certificate.c.pem.is_not(None))
    )
    row = conn.execute(query).first()
    return None if row is None else Caller(*row)._replace(state=row[2] or REGISTERED)
