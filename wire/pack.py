"""Chunks as they travel: alone in a file of their own, or many in one pack. Pure framing.

A chunk alone is one tag byte and its body: R the plain bytes, Z one zstd frame of them. A pack
begins with MAGIC; then each entry is its tag, the SHA-256 of the plain bytes (32 bytes), the
number of plain bytes and of body bytes (4 each, big-endian), for D the number of its bases (1 byte)
and their SHA-256 (32 bytes each), and the body. D is one zstd frame made with the joined bases as
raw dictionary; bases are chunks of the release the pack starts from. Nothing here is trusted:
whoever unpacks checks each chunk against the name its index gave it, and bounds what a frame may
become by the number of plain bytes. Knows no zstd and no file.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from wire.content import MOST_CHUNK
from wire.errors import MalformedMessage

MAGIC: Final = b"anjungan-pack-1\n"
RAW: Final = b"R"
ZSTD: Final = b"Z"
DELTA: Final = b"D"
MOST_BODY: Final = MOST_CHUNK + 1024
MOST_BASES: Final = 8
_FIXED: Final = 1 + 32 + 4 + 4


class Entry(NamedTuple):
    """`sha256` and `bases` in hex; `plain`: how many bytes it becomes."""

    tag: bytes
    sha256: str
    plain: int
    body: bytes
    bases: tuple[str, ...] = ()


def write_chunk(tag: bytes, body: bytes) -> bytes:
    """A chunk alone. `tag` is RAW or ZSTD."""
    return tag + body


def read_chunk(stored: bytes) -> tuple[bytes, bytes]:
    """Its tag and body. Raises MalformedMessage."""
    tag, body = stored[:1], stored[1:]
    if tag not in (RAW, ZSTD) or len(body) > MOST_BODY:
        raise MalformedMessage("chunk", f"tag {tag!r}, {len(body)} bytes")
    return tag, body


def write_entry(entry: Entry) -> bytes:
    head = entry.tag + bytes.fromhex(entry.sha256)
    head += entry.plain.to_bytes(4, "big") + len(entry.body).to_bytes(4, "big")
    if entry.tag == DELTA:
        head += bytes([len(entry.bases)]) + b"".join(map(bytes.fromhex, entry.bases))
    return head + entry.body


class Reader:
    """Entries out of a pack that comes in pieces, from its beginning or where one began.

    `taken`: bytes of everything that was given out so far, from where a later reader goes on.
    """

    def __init__(self, taken: int = 0) -> None:
        self.taken = taken
        self._kept = bytearray()

    def feed(self, piece: bytes) -> Iterator[Entry]:
        """The entries that are whole now. Raises MalformedMessage."""
        self._kept += piece
        if not self.taken and not self._begin():
            return
        while (entry := self._next()) is not None:
            yield entry

    @property
    def whole(self) -> bool:
        """Whether nothing was begun and not ended."""
        return self.taken > 0 and not self._kept

    def _begin(self) -> bool:
        if not MAGIC.startswith(self._kept[: len(MAGIC)]):
            raise MalformedMessage("pack", "it is none")
        if len(self._kept) < len(MAGIC):
            return False
        self._take(len(MAGIC))
        return True

    def _next(self) -> Entry | None:
        kept = self._kept
        if len(kept) < _FIXED + 1:
            return None
        tag = bytes(kept[:1])
        plain = int.from_bytes(kept[33:37], "big")
        size = int.from_bytes(kept[37:41], "big")
        bases = kept[41] if tag == DELTA else 0
        if (
            tag not in (RAW, ZSTD, DELTA)
            or not 0 < plain <= MOST_CHUNK
            or not 0 < size <= MOST_BODY
        ):
            raise MalformedMessage("pack", f"tag {tag!r}, {size} bytes that become {plain}")
        if tag == DELTA and not 0 < bases <= MOST_BASES:
            raise MalformedMessage("pack", f"{bases} bases")
        start = _FIXED + (1 + 32 * bases if tag == DELTA else 0)
        if len(kept) < start + size:
            return None
        names = tuple(kept[at : at + 32].hex() for at in range(_FIXED + 1, start, 32))
        entry = Entry(tag, kept[1:33].hex(), plain, bytes(kept[start : start + size]), names)
        self._take(start + size)
        return entry

    def _take(self, size: int) -> None:
        del self._kept[:size]
        self.taken += size
