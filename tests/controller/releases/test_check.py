"""Folders that cannot become a release, and why; all reasons at once."""

import os
from pathlib import Path

import pytest

from controller.releases import check
from controller.releases.check import examine


def fill(tree: Path, *paths: str, body: bytes = b"x") -> None:
    for path in paths:
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(body)


def test_a_good_folder_is_listed_with_its_sizes(tmp_path: Path) -> None:
    fill(tmp_path, "b/c.txt", "a.html", body=b"12345")
    found = examine(tmp_path, "video")
    assert found.problems == found.warnings == ()
    assert (found.files, found.bytes) == ((("a.html", 5), ("b/c.txt", 5)), 10)


def test_row_18_links_pipes_and_twins_by_case_are_refused(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "B/x.txt", "b/x.txt")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    (tmp_path / "folder").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe.txt")
    said = "\n".join(examine(tmp_path, "video").problems)
    assert said.count("a link") == 2
    assert "a pipe" in said
    for one in ("link.txt", "folder", "pipe.txt"):
        (tmp_path / one).unlink()
    assert "but for its case" in examine(tmp_path, "video").problems[0]


def test_row_19_too_many_files_or_bytes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "MOST_FILES", 3)
    monkeypatch.setattr(check, "MOST_UNPACKED", 1000)
    fill(tmp_path, *(f"{n}.txt" for n in range(9)))
    assert "more than 3 files" in examine(tmp_path, "video").problems[0]
    for n in range(7):
        (tmp_path / f"{n}.txt").unlink()
    with (tmp_path / "8.txt").open("wb") as file:
        file.truncate(2000)
    assert "2001 bytes" in examine(tmp_path, "video").problems[0]


def test_an_empty_folder_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert examine(tmp_path, "video").problems == ("there is no file in it",)


def test_types_count_for_what_is_shown_and_not_for_programs(tmp_path: Path) -> None:
    fill(tmp_path, "run.sh", "Makefile")
    assert len(examine(tmp_path, "video").problems) == 2
    assert examine(tmp_path, "agent").problems == ()


def test_whoever_signs_is_warned_of_what_is_odd(tmp_path: Path) -> None:
    fill(tmp_path, "a.html", body=b'<img src="https://example.org/x.png">')
    fill(tmp_path, "b.txt", body=b"")
    with (tmp_path / "c.mp4").open("wb") as file:
        file.truncate(check.LARGE + 1)
    said = examine(tmp_path, "video")
    assert said.problems == ()
    assert len(said.warnings) == 3


def test_what_the_screen_shows_says_what_its_page_says(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    assert "content.json is missing" in examine(tmp_path, "layanan").problems[0]
    for body in (b"{", b"[]", b"[" * 100_000, b"\xff"):
        fill(tmp_path, "content.json", body=body)
        assert "content.json" in examine(tmp_path, "layanan").problems[0]
    fill(tmp_path, "content.json", body=b"{}")
    assert examine(tmp_path, "layanan").problems == ()


def test_of_very_many_problems_the_first_are_told(tmp_path: Path) -> None:
    fill(tmp_path, *(f"{n}.exe" for n in range(check.MOST_SAID + 3)))
    said = examine(tmp_path, "video").problems
    assert (len(said), said[-1]) == (check.MOST_SAID + 1, "... and 3 more")
