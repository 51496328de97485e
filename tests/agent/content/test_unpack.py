"""Bodies become what was said and never more."""

import contextlib
import io
import os
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from agent.content.unpack import inflate, plain_of
from wire.errors import MalformedMessage
from wire.pack import DELTA, RAW, ZSTD

DATA = b"Persyaratan: kartu keluarga dan KTP asli. " * 40


def against(bases: bytes, data: bytes) -> bytes:
    known = zstandard.ZstdCompressionDict(bases, zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdCompressor(dict_data=known).compress(data)


def test_each_form_comes_back_to_the_same_bytes() -> None:
    changed = DATA.replace(b"asli", b"elektronik", 1)
    assert plain_of(RAW, DATA, len(DATA)) == DATA
    assert plain_of(ZSTD, zstandard.compress(DATA), len(DATA)) == DATA
    assert plain_of(DELTA, against(DATA, changed), len(changed), DATA) == changed


@pytest.mark.parametrize("tag", [RAW, ZSTD])
@pytest.mark.parametrize("off", [-1, 1])
def test_another_length_than_said_is_refused(tag: bytes, off: int) -> None:
    body = DATA if tag == RAW else zstandard.compress(DATA)
    with pytest.raises(MalformedMessage):
        plain_of(tag, body, len(DATA) + off)


def test_a_tag_that_is_none_is_refused() -> None:
    with pytest.raises(MalformedMessage):
        plain_of(b"?", DATA, len(DATA))


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(0, 400))
def test_any_bytes_at_all_are_refused_or_as_long_as_said(
    body: bytes, bases: bytes, size: int
) -> None:
    for tag in (RAW, ZSTD, DELTA):
        with contextlib.suppress(MalformedMessage):
            assert len(plain_of(tag, body, size, bases)) == size


def bomb(mib: int, *, stated: bool) -> bytes:
    """Zeros; `stated`: the frame says how many."""
    out = io.BytesIO()
    tool = zstandard.ZstdCompressor(level=1)
    size = mib * 2**20 if stated else -1
    with tool.stream_writer(out, size=size, closefd=False) as writer:
        for _ in range(mib):
            writer.write(bytes(2**20))
    return out.getvalue()


def peak_mib() -> float:
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmHWM")) / 1024


@pytest.mark.parametrize("stated", [True, False])
def test_row_14_a_bomb_is_refused_with_little_memory(*, stated: bool) -> None:
    body = bomb(512, stated=stated)
    assert len(body) < 256 * 1024
    inflate(body, 65536)  # what the library itself needs
    with Path("/proc/self/clear_refs").open("wb") as file:
        os.write(file.fileno(), b"5")  # the peak begins here
    before = peak_mib()
    with pytest.raises(MalformedMessage):
        plain_of(ZSTD, body, 65536)
    assert peak_mib() - before < 16


def test_row_14_a_frame_that_wants_a_huge_window_is_refused() -> None:
    settings = zstandard.ZstdCompressionParameters(window_log=27, compression_level=1)
    out = io.BytesIO()
    with zstandard.ZstdCompressor(compression_params=settings).stream_writer(
        out, closefd=False
    ) as writer:
        for _ in range(40):
            writer.write(os.urandom(2**18))
    with pytest.raises(MalformedMessage):
        inflate(out.getvalue(), 65536)
