"""Whether a small picture shows anything, told from its bytes. Pure.

Owns as much of PNG as a browser's picture of its page needs: eight bits a colour, not interlaced.
Any bytes are a picture or NoPicture; what a picture may unpack to is bounded by its own size.
"""

import struct
import zlib
from collections import Counter
from typing import Final

PLAIN: Final = (
    0.995  # so much of one colour is an empty page: the brand alone is more than the rest
)


class NoPicture(ValueError):  # noqa: N818 - says what it is
    """Not a picture of the kind that browsers make."""


def is_plain(png: bytes) -> bool:
    """Whether nearly all of a picture is one colour. Raises NoPicture."""
    try:
        pixels = _pixels(png)
    except (ValueError, IndexError, struct.error, zlib.error) as error:
        raise NoPicture("another kind of picture, or none") from error
    return Counter(pixels).most_common(1)[0][1] >= PLAIN * len(pixels)


def _pixels(png: bytes) -> list[bytes]:
    """Of an 8-bit RGB or RGBA picture that is not interlaced, as browsers make them."""
    wide, high, depth, kind = struct.unpack_from(">IIBB", png, 16)
    size = {2: 3, 6: 4}.get(kind, 0)
    if png[:8] != b"\x89PNG\r\n\x1a\n" or depth != 8 or not size or not 0 < wide * high < 1 << 18:
        raise ValueError("another kind of picture")
    tool = zlib.decompressobj()
    flat = tool.decompress(_body(png), (wide * size + 1) * high)
    above, rows = bytes(wide * size), []
    for at in range(0, len(flat), wide * size + 1):
        above = _unfiltered(flat[at], bytearray(flat[at + 1 : at + 1 + wide * size]), above, size)
        rows.append(above)
    return [row[at : at + 3] for row in rows for at in range(0, len(row), size)]


def _body(png: bytes) -> bytes:
    at, body = 8, b""
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            body += png[at + 8 : at + 8 + length]
        at += 12 + length
    return body


def _unfiltered(kind: int, row: bytearray, above: bytes, size: int) -> bytes:
    for at in range(len(row)):
        left = row[at - size] if at >= size else 0
        corner = above[at - size] if at >= size else 0
        row[at] = (row[at] + _guess(kind, left, above[at], corner)) & 255
    return bytes(row)


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:
        sure = left + up - corner
        return min((left, up, corner), key=lambda one: abs(sure - one))
    return (0, left, up, (left + up) // 2)[kind]
