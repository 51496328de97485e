"""Of a pack everything that is right is kept, and nothing that is wrong."""

import hashlib
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.content.held import Held
from agent.content.packed import unpack
from wire.pack import DELTA, MAGIC, RAW, ZSTD, Entry, write_entry

ONE = b"satu " * 50
TWO = b"dua " * 50
OLD = b"lama " * 50


def name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def entries(*all_of_them: Entry) -> bytes:
    return MAGIC + b"".join(map(write_entry, all_of_them))


def delta() -> Entry:
    known = zstandard.ZstdCompressionDict(OLD, zstandard.DICT_TYPE_RAWCONTENT)
    body = zstandard.ZstdCompressor(dict_data=known).compress(TWO)
    return Entry(DELTA, name(TWO), len(TWO), body, (name(OLD),))


PACK = entries(Entry(ZSTD, name(ONE), len(ONE), zstandard.compress(ONE)), delta())
MISSING = {name(ONE): len(ONE), name(TWO): len(TWO)}


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path / "slots", tmp_path / "shelf")


def unpacked(data: bytes, held: Held, tmp_path: Path) -> int:
    (tmp_path / "pack").write_bytes(data)
    return unpack(tmp_path / "pack", name(PACK), MISSING, held)


def test_all_of_it_comes_onto_the_shelf(held: Held, tmp_path: Path) -> None:
    held.put(name(OLD), OLD)
    assert unpacked(PACK, held, tmp_path) == 0
    assert (held.read(name(ONE)), held.read(name(TWO))) == (ONE, TWO)


def test_a_delta_without_its_base_is_left_out_and_nobody_blamed(held: Held, tmp_path: Path) -> None:
    assert unpacked(PACK, held, tmp_path) == 0
    assert (held.has(name(ONE)), held.has(name(TWO))) == (True, False)


def test_what_is_not_missing_is_not_taken(held: Held, tmp_path: Path) -> None:
    data = entries(Entry(RAW, name(OLD), len(OLD), OLD))
    assert unpacked(data, held, tmp_path) == 1  # it is not the pack that was signed
    assert not held.has(name(OLD))


def test_an_entry_by_a_false_name_is_refused_and_the_next_one_kept(
    held: Held, tmp_path: Path
) -> None:
    false = Entry(RAW, name(TWO), len(TWO), bytes(len(TWO)))
    data = entries(false, Entry(RAW, name(ONE), len(ONE), ONE))
    assert unpacked(data, held, tmp_path) == 2
    assert (held.has(name(ONE)), held.has(name(TWO))) == (True, False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(PACK) - 1), st.integers(1, 255))
def test_row_2_any_byte_changed_leaves_only_right_chunks(
    held: Held, tmp_path: Path, at: int, change: int
) -> None:
    held.clear()
    held.put(name(OLD), OLD)
    spoilt = PACK[:at] + bytes([PACK[at] ^ change]) + PACK[at + 1 :]
    assert unpacked(spoilt, held, tmp_path) >= 1
    assert held.read(name(ONE)) in (ONE, None)
    assert held.read(name(TWO)) in (TWO, None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_after_the_beginning_do_no_harm(held: Held, tmp_path: Path, more: bytes) -> None:
    assert unpacked(MAGIC + more, held, tmp_path) >= 1
    assert unpacked(more, held, tmp_path) >= 1
