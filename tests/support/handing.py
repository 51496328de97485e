"""A command in the office's books, as the office would have written it, for whoever hands in."""

import os

from sqlalchemy import Connection, func, insert, select

from controller.store.command_tables import command, job
from controller.store.tables import kiosk

FRAME = b"\xff\xc0\x00\x0b\x08" + bytes([1, 224, 2, 128]) + b"\x01\x01\x11\x00"  # 480 by 640
JPEG = b"\xff\xd8\xff\xe0\x00\x06ABCD" + FRAME + b"picture" * 40 + b"\xff\xd9"
GZIP = b"\x1f\x8b\x08" + b"log" * 40


def commanded(
    conn: Connection, name: str, kind: str = "screenshot", state: str = "running", now: int = 5
) -> str:
    """A command of this kind for a kiosk that is known; its id on the wire."""
    named = {"order_id": os.urandom(16).hex(), "order_text": "{}", "kind": kind, "args": {}}
    asked = {"power": "routine", "count": 1, "why": "", "asked_by": "teknisi-pagi", "asked": {}}
    times = {"asked_at": now, "state_at": now, "not_before": now, "expires": now + 3_600_000}
    rest = {"plan": {}, "state": "running", "state_why": "", "approvals": 0, "wave": 1}
    row = named | asked | times | rest
    job_id = conn.scalar(insert(job).values(row).returning(job.c.id))
    where = conn.execute(select(kiosk.c.id, kiosk.c.partition).where(kiosk.c.name == name)).one()
    number = 1 + (conn.scalar(select(func.max(command.c.number))) or now)
    values = {
        "command_id": os.urandom(16).hex(),
        "job_id": job_id,
        "kiosk_id": where.id,
        "partition": where.partition,
        "number": number,
        "wave": 1,
        "after": now,
        "expires": now + 3_600_000,
        "state": state,
        "state_at": now,
        "due": now,
        "facts": {},
    }
    conn.execute(insert(command).values(values))
    return str(values["command_id"])
