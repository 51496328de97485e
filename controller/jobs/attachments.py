"""What kiosks handed in for commands: shown to whoever may see it, and written down each time."""

from typing import NamedTuple

from sqlalchemy import Connection

from controller.deeds import Doer


class Attachment(NamedTuple):
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
    raise NotImplementedError
