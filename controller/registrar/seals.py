"""What else the office seals to its own keys, and what each seal is bound to. Pure.

A note or a photo that is moved to another submission does not open there.
"""

import hashlib
from typing import Final

_NOTE: Final = b"anjungan-note-v1\0"
_PHOTO: Final = b"anjungan-photo-v1\0"


def note_info(uid: str) -> bytes:
    """`uid` of the submission the note is about."""
    return _NOTE + uid.encode()


def photo_info(ticket: str) -> bytes:
    """`ticket`: its SHA-256, as in the table `photo`."""
    return _PHOTO + ticket.encode()


def ticket_sha256(ticket: str) -> str:
    """What is stored of a ticket: whoever reads the table cannot use it."""
    return hashlib.sha256(ticket.encode()).hexdigest()
