"""Chunks on the office's disk: small, whole, and mended when they have rotted."""

import hashlib
import os
from pathlib import Path

import pytest
import zstandard

from controller.releases import store
from controller.releases.folder import Releases
from wire.content import MOST_CHUNK
from wire.errors import MalformedMessage


@pytest.fixture
def shop(tmp_path: Path) -> Releases:
    made = Releases(tmp_path)
    made.make()
    return made


def name_of(plain: bytes) -> str:
    return hashlib.sha256(plain).hexdigest()


def test_chunks_come_back_as_they_went_in(shop: Releases) -> None:
    every = [b"x", b"text " * 9000, os.urandom(MOST_CHUNK), bytes(MOST_CHUNK)]
    with store.Keeper(shop) as keeper:
        for plain in every * 2:
            keeper.put(name_of(plain), plain)
    assert [store.read(shop, name_of(plain)) for plain in every] == every
    assert store.sent_size(shop, map(name_of, every[1:2])) < 200
    assert store.sent_size(shop, map(name_of, every[2:3])) == MOST_CHUNK + 1


def test_a_chunk_that_has_rotted_is_mended_by_publishing_it_again(shop: Releases) -> None:
    plain = b"text " * 9000
    path = shop.chunk(name_of(plain))
    for broken in (b"", b"Zxx", b"Rwrong", b"Q"):
        store.keep(shop, name_of(plain), plain)
        path.write_bytes(broken)
        assert not store.is_sound(shop, name_of(plain))
        store.keep(shop, name_of(plain), plain)
        assert store.is_sound(shop, name_of(plain))


def test_what_is_sound_is_not_written_again_and_counts_as_new(shop: Releases) -> None:
    store.keep(shop, name_of(b"a"), b"a")
    path = shop.chunk(name_of(b"a"))
    os.utime(path, (1, 1))
    same = path.stat().st_ino
    store.keep(shop, name_of(b"a"), b"a")
    assert path.stat().st_ino == same
    assert path.stat().st_mtime > 1  # and it is not taken for something that nobody needs


def test_a_full_disk_is_told_when_the_block_ends(shop: Releases) -> None:
    (shop.path / "chunks").rmdir()
    (shop.path / "chunks").write_bytes(b"in the way")
    with pytest.raises(OSError, match="chunks"), store.Keeper(shop) as keeper:
        keeper.put(name_of(b"a"), b"a")


def test_row_14_a_frame_that_grows_is_stopped_at_its_limit() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(200_000_000))
    assert len(store.unzstd(bomb, 1000)) == 1001
    with pytest.raises(MalformedMessage, match="too large"):
        store.decode(b"Z" + bomb[:MOST_CHUNK])


def test_a_frame_that_wants_a_large_window_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    made = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    frame = made.compress(os.urandom(1000)) + made.flush()
    with pytest.raises(MalformedMessage):
        store.unzstd(frame, 2000)
