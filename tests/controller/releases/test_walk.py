"""What lies below a folder, whatever people have put there."""

import os
from pathlib import Path

import pytest

from controller.releases import walk
from controller.releases.walk import collect


def test_files_are_found_by_path_with_their_sizes(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/c.txt").write_bytes(b"123")
    (tmp_path / "a.txt").write_bytes(b"")
    assert collect(tmp_path) == ([("a.txt", 0), ("b/c.txt", 3)], [])


def test_row_18_names_that_no_kiosk_would_take_are_refused(tmp_path: Path) -> None:
    long = b"d" * 150 + b"/" + b"e" * 60
    (tmp_path / ("d" * 150)).mkdir()
    odd = (b"\xff.txt", b"a\nb.txt", b" a.txt", "e\u0301.txt".encode(), b"back\\slash.txt", long)
    for name in odd:
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_bytes(b"x")
    found, problems = collect(tmp_path)
    assert (found, len(problems)) == ([], len(odd))


def test_row_18_links_pipes_and_devices_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    found, problems = collect(tmp_path)
    assert found == []
    assert ["a link" in problems[0], "a pipe" in problems[1]] == [True, True]


def test_very_deep_folders_end_the_walk(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(30):
        deep /= "d" * 30
    deep.mkdir(parents=True)
    assert "too deep" in collect(tmp_path)[1][0]


def test_row_19_a_million_files_are_not_counted_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "MOST_FILES", 3)
    for n in range(9):
        (tmp_path / f"{n}.txt").touch()
    assert len(collect(tmp_path)[0]) == 4
