"""The newest wanted file is found, answered, and clears away the older ones."""

import json
import os
from pathlib import Path

import pytest

from broker_config.exchange import Exchange
from broker_config.wanted import MOST_BYTES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wanted").mkdir()
    return tmp_path


def want(folder: Path, name: str, raw: bytes = b"x") -> Path:
    path = folder / "wanted" / name
    path.write_bytes(raw)
    return path


def test_the_newest_is_read_by_its_stamp(folder: Path) -> None:
    want(folder, f"{9:020d}.json", b"nine")
    want(folder, f"{10:020d}.json", b"ten")
    note = Exchange(folder).newest(-1)
    assert note is not None
    assert (note.stamp, note.raw) == (10, b"ten")
    assert Exchange(folder).newest(10) is None


@pytest.mark.parametrize("name", [".new", "5.json", f"{5:020d}.json.tmp", f"x{5:019d}.json"])
def test_other_files_are_nothing_to_it(folder: Path, name: str) -> None:
    want(folder, name)
    assert Exchange(folder).newest(-1) is None


def test_a_folder_that_is_not_there_yet_wants_nothing(tmp_path: Path) -> None:
    assert Exchange(tmp_path / "later").newest(-1) is None


def test_an_answer_is_whole_and_clears_away_what_was_before(folder: Path) -> None:
    old, now, later = (want(folder, f"{stamp:020d}.json") for stamp in (1, 2, 3))
    Exchange(folder).answer(2, ok=False, why="because", at=1_000, crl_number=7)
    said = json.loads((folder / "answer.json").read_bytes())
    assert said == {"stamp": 2, "ok": False, "why": "because", "at": 1_000, "crl_number": 7}
    assert [path.exists() for path in (old, now, later)] == [False, True, True]


def test_what_is_no_plain_file_says_nothing_and_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "wanted" / f"{9:020d}.json")
    note = Exchange(folder).newest(-1)
    assert note is not None
    assert (note.stamp, note.raw) == (9, b"")


def test_a_link_is_not_followed(folder: Path) -> None:
    (folder / "wanted" / f"{9:020d}.json").symlink_to("/etc/hostname")
    with pytest.raises(OSError, match="symbolic"):
        Exchange(folder).newest(-1)


def test_no_more_is_read_than_a_list_may_have(folder: Path) -> None:
    with want(folder, f"{9:020d}.json").open("r+b") as file:
        file.truncate(MOST_BYTES * 4)
    note = Exchange(folder).newest(-1)
    assert note is not None
    assert len(note.raw) == MOST_BYTES + 1
