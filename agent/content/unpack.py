"""A body back to its plain bytes, whatever somebody made of it: never more than was said.

Owns the bounds of decompression and nothing else. Who calls it compares the hash.
"""

import io
from typing import Final

import zstandard

from wire.errors import MalformedMessage
from wire.pack import DELTA, RAW, ZSTD

# A frame says itself how much memory its window wants; the publisher needs less than this.
_WINDOW: Final = 8 * 1024 * 1024


def plain_of(tag: bytes, body: bytes, size: int, bases: bytes = b"") -> bytes:
    """Exactly `size` bytes. `bases`: the joined bases of a DELTA. Raises MalformedMessage."""
    if tag == RAW:
        plain = body
    elif tag in (ZSTD, DELTA):
        plain = inflate(body, size, bases if tag == DELTA else b"")
    else:
        raise MalformedMessage("chunk", f"tag {tag!r}")
    if len(plain) != size:
        raise MalformedMessage("chunk", f"{len(plain)} bytes or more, {size} were said")
    return plain


def inflate(body: bytes, most: int, bases: bytes = b"") -> bytes:
    """One zstd frame, at most `most` bytes and one more by which the caller sees that it is long.

    Raises MalformedMessage.
    """
    known = zstandard.ZstdCompressionDict(bases, zstandard.DICT_TYPE_RAWCONTENT) if bases else None
    tool = zstandard.ZstdDecompressor(dict_data=known, max_window_size=_WINDOW)
    # Not tool.decompress(): it believes the size that the frame states, limit or not.
    try:
        with tool.stream_reader(io.BytesIO(body)) as reader:
            return reader.read(most + 1)
    except zstandard.ZstdError as error:
        raise MalformedMessage("zstd", str(error)) from None
