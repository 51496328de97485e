"""The chunks of a pack that has come, each compared with its name, onto the shelf.

One wrong byte spoils no more than its own entry: what is right within a pack is of use, and what is
wrong or lacks its base comes alone later. Never holds more than one entry in memory.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256 as digest
from pathlib import Path
from typing import Final

from agent.content.held import Held
from agent.content.unpack import plain_of
from wire.errors import MalformedMessage
from wire.pack import DELTA, Entry, Reader

_PIECE: Final = 64 * 1024


def unpack(pack: Path, sha256: str, missing: Mapping[str, int], held: Held) -> int:
    """Put what is missing onto the shelf. How much was not what it should be.

    `sha256`: of the pack as it was signed. Raises OSError.
    """
    refused = int(_hash_of(pack) != sha256)
    reader = Reader()
    try:
        for piece in _read(pack):
            for entry in reader.feed(piece):
                if missing.get(entry.sha256) == entry.plain:
                    refused += not _take(entry, held)
    except MalformedMessage:
        refused += 1
    return refused


def _take(entry: Entry, held: Held) -> bool:
    """Whether it was right, as far as can be told here."""
    bases = [held.read(base) for base in entry.bases]
    if entry.tag == DELTA and None in bases:
        return True
    try:
        plain = plain_of(entry.tag, entry.body, entry.plain, b"".join(filter(None, bases)))
    except MalformedMessage:
        return False
    if digest(plain).hexdigest() != entry.sha256:
        return False
    held.put(entry.sha256, plain)
    return True


def _hash_of(path: Path) -> str:
    whole = digest()
    for piece in _read(path):
        whole.update(piece)
    return whole.hexdigest()


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
