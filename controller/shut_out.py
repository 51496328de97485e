"""What the controller does about kiosks that misuse their identity: quarantine and mute.

Owns the rows that say so. The warden reads them and has the broker refuse; a controller never
speaks with the broker about anything but messages.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from controller.identity import ending
from controller.identity.states import hold_all
from controller.store.engine import upsert
from controller.store.identity_tables import identity, muted
from controller.store.tables import kiosk


def mute(conn: Connection, until: Mapping[int, int], now: int) -> None:
    """`until`: kiosk id -> office milliseconds."""
    rows = [
        {"kiosk_id": kiosk_id, "since": now, "until": end, "why": "flooding"}
        for kiosk_id, end in until.items()
    ]
    if rows:
        conn.execute(upsert(conn, muted, ("kiosk_id",)), rows)


def quarantine(conn: Connection, why: Mapping[int, str], now: int) -> None:
    """`why`: kiosk id -> what proves that two machines use one identity.

    A kiosk without an identity (a demonstration without certificates) has only its fault.
    All are held before the first is ended: ending writes the audit log, and who has the log and
    then asks for a kiosk waits for a person who has the kiosk and asks for the log.
    """
    if not why:
        return
    hold_all(conn, _active(conn, why))
    for kiosk_id, reason in why.items():
        ending.quarantine(conn, kiosk_id, reason, now)


def _active(conn: Connection, ids: Iterable[int]) -> list[str]:
    query = select(kiosk.c.name).join(identity, identity.c.kiosk_id == kiosk.c.id)
    return list(conn.scalars(query.where(kiosk.c.id.in_(list(ids)), identity.c.state == "active")))
