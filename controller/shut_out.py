"""What the controller does about kiosks that misuse their identity: quarantine and mute.

Owns the rows that say so. The warden reads them and has the broker refuse; a controller never
speaks with the broker about anything but messages.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from controller.identity import ending
from controller.store.engine import upsert
from controller.store.identity_tables import muted


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
    """
    for kiosk_id, reason in why.items():
        ending.quarantine(conn, kiosk_id, reason, now)
