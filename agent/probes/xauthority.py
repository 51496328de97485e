"""Which secret lets the agent in to an X server: the file that `xauth` keeps.

Only MIT-MAGIC-COOKIE-1 is known, the one every display manager writes. A damaged file gives the
entries before the damage. The secret is never logged.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

COOKIE: Final = b"MIT-MAGIC-COOKIE-1"


class Entry(NamedTuple):
    display: bytes  # its number in digits; empty: any
    name: bytes
    secret: bytes


def secret_for(content: bytes, display: int) -> bytes:
    """The first fitting cookie; empty when there is none (the server may let us in without)."""
    fitting = (str(display).encode(), b"")
    for entry in entries(content):
        if entry.name == COOKIE and entry.display in fitting:
            return entry.secret
    return b""


def entries(content: bytes) -> Iterator[Entry]:
    """Each: a two-byte family, then address, display, name and secret with two-byte lengths."""
    at = 0
    while at + 2 <= len(content):
        at += 2
        fields = []
        for _ in range(4):
            size = int.from_bytes(content[at : at + 2], "big")
            if at + 2 + size > len(content):
                return
            fields.append(content[at + 2 : at + 2 + size])
            at += 2 + size
        yield Entry(*fields[1:])
