"""Kiosks whose identity has ended: when the broker refuses them, they are not there any more.

Owns what follows for presence and faults. A kiosk that was shut out is offline without an alarm:
we did it. One that is decommissioned is as if never heard: it is neither up nor down, and nothing
about it stands open.
"""

from collections.abc import Collection

from sqlalchemy import Connection, or_, select

from controller.conclude import arrive, claims, conclude
from controller.effects import Effects
from controller.judge import Claim
from controller.known import Known
from controller.store.identity_tables import identity
from controller.store.tables import kiosk, kiosk_status

AT_ONCE = 200
_SHUT = ("quarantined", "revoked")


def events(conn: Connection, partitions: Collection[int]) -> dict[str, str]:
    """Kiosk -> `shut` or `bury`, of those the broker was proven to refuse."""
    known = kiosk_status.c
    still_here = identity.c.state.in_(_SHUT) & known.presence.in_(("online", "unknown"))
    buried = identity.c.state == "decommissioned"
    still_seen = buried & ((known.presence != "never") | (known.open_faults > 0))
    query = (
        select(kiosk.c.name, identity.c.state)
        .join_from(identity, kiosk, kiosk.c.id == identity.c.kiosk_id)
        .join(kiosk_status, known.kiosk_id == kiosk.c.id)
        .where(identity.c.state.in_((*_SHUT, "decommissioned")), identity.c.shut_at.is_not(None))
        .where(or_(still_here, still_seen), kiosk.c.partition.in_(list(partitions)))
        .limit(AT_ONCE)
    )
    return {row[0]: "shut" if row[1] in _SHUT else "bury" for row in conn.execute(query)}


def conclude_end(draft: Known, event: str, effects: Effects, now: int) -> None:
    changed = arrive(draft, event, effects, now)
    if event == "bury":
        gone = [Claim(code, "gone", "decommissioned") for code in draft.faults]
        changed |= claims(draft, gone, effects, now)
    if changed:
        conclude(draft, effects, now)
