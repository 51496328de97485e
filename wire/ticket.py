"""The ticket by which a citizen's own telephone may give photos to the office, as a QR carries it.

base64url, without padding, of "KIOSK ID EXPIRES" and 64 bytes of signature: Ed25519, by the key
with which that kiosk's portal signs its records, over TICKET_DOMAIN and that text. Pure: signs and
verifies nothing. The office tries the keys it knows of that kiosk.
"""

import base64
import binascii
import re
from typing import Final, NamedTuple

from wire.errors import MalformedMessage
from wire.submission import TICKET_DOMAIN

MOST: Final = 200
_SIGNATURE: Final = 64
_SAID: Final = re.compile(rb"([a-z0-9-]{3,32}) ([0-9a-f]{32}) ([0-9]{1,15})")


class Ticket(NamedTuple):
    """`id` is random, 32 hex digits; `expires` in milliseconds since 1970 by the kiosk's clock."""

    kiosk: str
    id: str
    expires: int


class Read(NamedTuple):
    """`signature` over `to_sign(ticket)`, not verified yet."""

    ticket: Ticket
    signature: bytes


def to_sign(ticket: Ticket) -> bytes:
    return TICKET_DOMAIN + _said(ticket)


def write(ticket: Ticket, signature: bytes) -> str:
    return base64.urlsafe_b64encode(_said(ticket) + signature).decode().rstrip("=")


def read(text: str) -> Read:
    """Raises MalformedMessage."""
    if len(text) > MOST:
        raise MalformedMessage("too_large", f"a ticket has at most {MOST} characters")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise MalformedMessage("wrong_shape", "a ticket is base64url") from None
    found = _SAID.fullmatch(raw[:-_SIGNATURE])
    if found is None:
        raise MalformedMessage("wrong_shape", "a ticket says kiosk, id and end")
    ticket = Ticket(found[1].decode(), found[2].decode(), int(found[3]))
    signature = raw[-_SIGNATURE:]
    if write(ticket, signature) != text:  # one ticket has one writing: leading zeros, spare bits
        raise MalformedMessage("not_canonical")
    return Read(ticket, signature)


def _said(ticket: Ticket) -> bytes:
    return f"{ticket.kiosk} {ticket.id} {ticket.expires}".encode()
