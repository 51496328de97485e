"""Whether a small picture shows anything."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.content.png import NoPicture, is_plain


def png(rows: list[bytes], kind: int = 2) -> bytes:
    """Of pixels (3 bytes each, 4 for kind 6), each row with its filter byte in front."""
    wide = (len(rows[0]) - 1) // (3 if kind == 2 else 4)

    def piece(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + b"\0\0\0\0"

    head = struct.pack(">IIBBBBB", wide, len(rows), 8, kind, 0, 0, 0)
    body = zlib.compress(b"".join(rows))
    parts = (piece(b"IHDR", head), piece(b"IDAT", body), piece(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_one_colour_is_plain_whatever_filter_was_used() -> None:
    white = b"\xff\xff\xff" * 8
    assert is_plain(png([b"\0" + white] * 4))
    assert is_plain(png([b"\0" + white, b"\2" + bytes(24), b"\2" + bytes(24)]))
    assert is_plain(png([b"\1" + b"\xff\xff\xff" + bytes(21)] * 2))


def test_a_picture_with_something_on_it_is_not() -> None:
    row = b"\0" + b"\xff\xff\xff" * 7 + b"\0\0\0"
    assert not is_plain(png([row] * 4))
    assert not is_plain(png([b"\4" + bytes(range(24))] * 3))


@given(noise=st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_refused(noise: bytes) -> None:
    for bytes_ in (noise, b"\x89PNG\r\n\x1a\n" + noise):
        with pytest.raises(NoPicture):
            is_plain(bytes_)
