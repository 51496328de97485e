"""Folders that come and go whole."""

from pathlib import Path

import pytest

from agent import folders


def test_a_folder_comes_with_its_parents(tmp_path: Path) -> None:
    folders.make(tmp_path / "a/b/c")
    folders.make(tmp_path / "a/b/c")
    assert (tmp_path / "a/b/c").is_dir()


def test_a_removal_that_was_cut_is_ended_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "x.gone").mkdir()
    (tmp_path / "x.gone/rest").write_text("rest")
    (tmp_path / "x").mkdir()
    (tmp_path / "x/file").write_text("file")
    folders.remove(tmp_path / "x")
    folders.remove(tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    folders.remove(tmp_path / "link")
    assert (tmp_path / "real").is_dir()


def test_of_two_at_one_folder_the_second_is_told_and_may_come_again(tmp_path: Path) -> None:
    with (
        folders.alone(tmp_path, "first"),
        pytest.raises(folders.Busy, match="taken"),
        folders.alone(tmp_path, "taken"),
    ):
        pass
    with folders.alone(tmp_path, "taken"):
        pass
