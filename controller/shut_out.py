"""What the controller does about kiosks that misuse their identity: quarantine and mute.

Owns the rows that say so. The warden reads them and has the broker refuse; a controller never
speaks with the broker about anything but messages.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

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
