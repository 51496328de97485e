"""What kiosks handed in for commands: shown to whoever may see it, and written down each time."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from controller.deeds import Doer
from controller.jobs.refused import Refused
from controller.people import audit
from controller.scope import Outside
from controller.store.command_tables import attachment, command, job
from controller.store.tables import kiosk


class Attachment(NamedTuple):
    """`type` is what the kiosk said it is: hostile like its bytes."""

    kiosk: str
    kind: str
    type: str
    size: int
    sha256: str
    body: bytes
    at: int


def read(conn: Connection, by: Doer, command_id: str, now: int) -> Attachment:
    """`by.scope` of command.see. Writes `attachment.read`: inside a `writing` transaction.

    Raises Refused (`unknown`: no such command, or nothing came) and Outside.
    """
    joined = command.join(kiosk, kiosk.c.id == command.c.kiosk_id)
    joined = joined.join(job, job.c.id == command.c.job_id)
    query = select(command.c.id, command.c.attachment, job.c.kind, kiosk.c.name, kiosk.c.site_code)
    this = query.select_from(joined).where(command.c.command_id == command_id)
    row = conn.execute(this).one_or_none()
    if row is None:
        raise Refused("unknown", "there is no such command")
    if not by.scope.holds(row.site_code):
        raise Outside(f"command {command_id}", row.site_code)
    ours = (attachment.c.command_id == row.id, attachment.c.sha256 == row.attachment)
    found = conn.execute(select(attachment).where(*ours)).one_or_none()
    if found is None:
        raise Refused("unknown", "nothing was handed in for this command, or it was forgotten")
    detail = {"command": command_id, "kind": row.kind, "sha256": found.sha256}
    entry = audit.Entry(
        by.person.login, "attachment.read", row.name, row.site_code, by.address, detail
    )
    audit.append(conn, entry, now)
    whole = (found.type, found.size, found.sha256, found.body, found.at)
    return Attachment(row.name, row.kind, *whole)
