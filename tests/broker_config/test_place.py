"""A file is put in another's place whole, with the rights it was meant to have."""

import os
from pathlib import Path

import pytest

from broker_config.place import place, sync_folder


def test_what_is_put_is_there_and_nobody_elses_to_read(tmp_path: Path) -> None:
    path = tmp_path / "list"
    place(path, b"first")
    before = path.stat().st_ino
    place(path, b"second")
    assert path.read_bytes() == b"second"
    assert path.stat().st_ino != before, "a reader of the old one goes on reading the old one"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_half_written_one_of_before_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".list.new").write_bytes(b"half")
    place(tmp_path / "list", b"whole", mode=0o644)
    assert (tmp_path / "list").read_bytes() == b"whole"
    assert not (tmp_path / ".list.new").exists()


def test_a_link_laid_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"kept")
    (tmp_path / ".list.new").symlink_to(tmp_path / "victim")
    place(tmp_path / "list", b"new")
    assert (tmp_path / "victim").read_bytes() == b"kept"


def test_it_is_given_to_the_account_that_reads_it(tmp_path: Path) -> None:
    owner = (tmp_path).owner()
    place(tmp_path / "list", b"x", user=owner)
    assert (tmp_path / "list").owner() == owner


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        place(tmp_path / "nowhere" / "list", b"x")
    with pytest.raises(OSError, match="nowhere"):
        sync_folder(tmp_path / "nowhere")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names only
