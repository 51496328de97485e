"""What a kiosk hands in for a command: which kinds hand in what, and its one place in the books.

Owns the `attachment` table's writing. Looks at the first and last bytes and decodes nothing: what
came from a kiosk is opened by people's browsers only, as the type said here. How large a picture
says that it is, is looked at: a few kilobytes of one colour can fill a telephone's memory.
A command that is done again after a cut of the power hands in anew: until the kiosk has said how it
ended, the later one replaces the earlier; from then on it stands.
"""

import hashlib
import struct
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select

from controller.door.refusals import Refused
from controller.store.command_tables import attachment, command, job
from controller.store.tables import kiosk
from wire.door import MOST_ATTACHMENT, Stored
from wire.lifecycle import GUESSES, OPEN

TYPES: Final = {"screenshot": "image/jpeg", "collect_logs": "application/gzip"}
_BEGINS: Final = {"image/jpeg": b"\xff\xd8\xff", "application/gzip": b"\x1f\x8b\x08"}
_ENDS: Final = {"image/jpeg": b"\xff\xd9", "application/gzip": b""}
MOST_SIDE: Final = 8_192  # pixels
_OPEN_STILL: Final = frozenset({*OPEN, *GUESSES.values()})  # a guess is not the kiosk's word


class Wanted(NamedTuple):
    """The command (its number in the books) for which a kiosk may hand in something of a type."""

    id: int
    type: str

    @property
    def most(self) -> int:
        return MOST_ATTACHMENT[self.type]


def wanted(conn: Connection, command_id: str, name: str) -> Wanted:
    """Raises Refused `command`, in the same words for another kiosk's command as for none."""
    query = select(command.c.id, job.c.kind).join_from(command, job, job.c.id == command.c.job_id)
    query = query.join(kiosk, kiosk.c.id == command.c.kiosk_id)
    query = query.where(command.c.command_id == command_id, kiosk.c.name == name)
    row = conn.execute(query).first()
    if row is None or row.kind not in TYPES:
        raise Refused("command", "this kiosk has no such command that hands in anything")
    return Wanted(row.id, TYPES[row.kind])


def check(body: bytes, type_: str) -> None:
    """Raises Refused `type` for bytes that cannot be of this type."""
    if not (body.startswith(_BEGINS[type_]) and body.endswith(_ENDS[type_])):
        raise Refused("type", f"these bytes are no {type_}")
    if type_ == "image/jpeg" and not all(0 < side <= MOST_SIDE for side in _sides(body)):
        raise Refused("type", f"a picture has 1 to {MOST_SIDE} pixels a side, and says how many")


def keep(conn: Connection, one: Wanted, body: bytes, now: int) -> Stored:
    """Stored when this returns and the transaction commits; the same bytes again change nothing.

    Raises Refused `taken`. Inside a `writing` transaction.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    state = _held(conn, one.id)
    mine = attachment.c.command_id == one.id
    before = list(conn.scalars(select(attachment.c.sha256).where(mine)))
    if sha256 in before:
        return Stored(sha256, len(body))
    if state not in _OPEN_STILL:
        raise Refused("taken", f"the command is {state}: what belongs to it was handed in")
    conn.execute(delete(attachment).where(mine))
    values = {"command_id": one.id, "sha256": sha256, "type": one.type, "size": len(body)}
    conn.execute(insert(attachment).values(**values, body=body, at=now))
    return Stored(sha256, len(body))


def _sides(picture: bytes) -> tuple[int, int]:
    """Height and width as a JPEG's first frame has them, 0 where none is found."""
    at = 2
    while at + 9 <= len(picture) and picture[at] == 0xFF:
        marker, length = struct.unpack_from(">BH", picture, at + 1)
        if marker == 0xFF:  # may stand before a marker, any number of times
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", picture, at + 5)
            return height, width
        else:
            at += 2 + max(length, 2)
    return 0, 0


def _held(conn: Connection, number: int) -> str:
    """The command's state; kept from others who hand in for it, and from its result."""
    query: Any = select(command.c.state).where(command.c.id == number).with_for_update()
    return str(conn.scalar(query))
