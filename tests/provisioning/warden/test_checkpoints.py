"""Row 70, the marks: each one signed, linked to the one before, and held against the log."""

import json
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from provisioning.authority.files import make_folder
from provisioning.authority.keys import KeyRefused
from provisioning.warden.checkpoints import Marks, faults, key_of, lines_of
from tests.support.authority import NOW

KEY = Ed25519PrivateKey.generate()
LOG = {n: f"{n:064x}" for n in range(1, 101)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three marks, at rows 10, 20 and 20 again."""
    marks = Marks(tmp_path / "marks.jsonl", KEY)
    for n in (10, 20, 20):
        marks.add(n, LOG[n], NOW + n)
    return tmp_path / "marks.jsonl"


def wrong(path: Path, log: dict[int, str] = LOG, seen: int = 20) -> list[str]:
    return faults(lines_of(path), KEY.public_key(), log.get, seen)


def test_sound_marks_have_no_fault(path: Path) -> None:
    assert wrong(path) == []
    assert path.stat().st_mode & 0o777 == 0o600
    last = Marks(path, KEY).last
    assert last is not None
    assert (last.n, last.hash) == (20, LOG[20])


def test_row_70_an_edited_row_is_noticed(path: Path) -> None:
    assert wrong(path, LOG | {10: "0" * 64}) == [
        "mark 1: row 10 is another one than was signed for"
    ]


def test_row_70_a_tail_that_was_cut_off_is_noticed(path: Path) -> None:
    (first, _) = wrong(path, {n: LOG[n] for n in range(1, 15)})
    assert first == "mark 2: row 20 is gone: the log was cut, or an older one put back"


@pytest.mark.parametrize("n", [0, 1, 2])
@pytest.mark.parametrize("field", ["n", "hash", "at", "previous", "signature"])
def test_row_70_an_edited_mark_is_noticed(path: Path, n: int, field: str) -> None:
    lines = path.read_bytes().splitlines()
    mark = json.loads(lines[n])
    before = mark[field]
    other = "B" if str(before).startswith("A") else "A"
    mark[field] = before + 1 if isinstance(before, int) else other + before[1:]
    lines[n] = json.dumps(mark).encode()
    path.write_bytes(b"\n".join([*lines, b""]))
    assert any("not signed by this office" in one for one in wrong(path))


@pytest.mark.parametrize("n", [0, 1, 2])
def test_row_70_a_mark_that_was_taken_out_is_noticed(path: Path, n: int) -> None:
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*lines[:n], *lines[n + 1 :], b""]))
    seen = 20 if n < 2 else 21
    assert wrong(path, seen=seen)


def test_row_70_marks_of_another_office_are_noticed(path: Path) -> None:
    Marks(path, Ed25519PrivateKey.generate()).add(30, LOG[30], NOW)
    assert wrong(path) == ["mark 4: is not signed by this office's warden"]


def test_row_70_marks_cut_off_at_the_end_are_noticed_by_what_the_books_know(path: Path) -> None:
    assert wrong(path, seen=40) == [
        "the marks end at row 20, but row 40 was signed for: marks were cut"
    ]


@pytest.mark.parametrize("garbage", [b"", b"{}", b"garbage", b'{"n":"x"}', b"\xff\xfe"])
def test_a_line_that_cannot_be_read_is_noticed(path: Path, garbage: bytes) -> None:
    path.write_bytes(path.read_bytes() + garbage + b"\n")
    assert wrong(path)


def test_half_a_line_left_by_a_cut_of_the_power_is_taken_away(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"n":30,"ha')
    Marks(path, KEY)
    assert path.read_bytes() == whole


def test_a_spoilt_last_line_is_not_followed(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"garbage\n")
    with pytest.raises(msgspec.DecodeError):
        _ = Marks(path, KEY).last


def test_the_key_is_made_once_and_its_public_half_is_shown(tmp_path: Path) -> None:
    make_folder(tmp_path / "issued")
    first, second = (key_of(tmp_path, b"sebuah kata sandi panjang") for _ in range(2))
    assert first.public_key() == second.public_key()
    shown = (tmp_path / "issued" / "audit.pem").read_bytes()
    assert load_pem_public_key(shown) == first.public_key()
    assert (tmp_path / "audit" / "key.pem").stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyRefused):
        key_of(tmp_path, None)
