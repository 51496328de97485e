"""A small file is the old one or the new one, and the new one once `write` has returned."""

import os
from pathlib import Path

import pytest

from agent import disk
from tests.agent.identity.cuts import NoPower, PowerDisk, killed_at

OLD = b"the old one"
NEW = b"the new one" * 400


def test_it_is_there_when_it_was_written(tmp_path: Path) -> None:
    disk.write(tmp_path / "a.json", NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_bytes() == NEW


def test_a_kill_at_any_step_leaves_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    path, call = tmp_path / "a.json", 1
    path.write_bytes(OLD)
    while killed_at(call, lambda: disk.write(path, NEW)):
        assert path.read_bytes() in (OLD, NEW)
        call += 1
    assert call > 3
    assert path.read_bytes() == NEW


def test_a_power_cut_after_it_returned_keeps_the_new_one(tmp_path: Path) -> None:
    power = PowerDisk(tmp_path) if os.geteuid() == 0 else NoPower(tmp_path)
    try:
        path = power.folder / "a.json"
        disk.write(path, OLD)
        disk.write(path, NEW)
        power.cut_power()
        assert path.read_bytes() == NEW
    finally:
        power.close()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        disk.write(tmp_path / "gone" / "a.json", NEW)


def test_it_is_as_open_as_was_said_and_no_link_is_written_through(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    disk.write(path, OLD, 0o600)
    disk.write(path, NEW, 0o644)
    assert path.stat().st_mode & 0o777 == 0o644
    (tmp_path / "theirs").write_bytes(OLD)
    (tmp_path / "b.json.new").symlink_to("theirs")
    with pytest.raises(OSError, match="symbolic links"):
        disk.write(tmp_path / "b.json", NEW)
    assert (tmp_path / "theirs").read_bytes() == OLD


def test_a_link_leads_to_the_old_or_the_new_place(tmp_path: Path) -> None:
    link, call = tmp_path / "current", 1
    disk.switch(link, "1")
    while killed_at(call, lambda: disk.switch(link, "2")):
        assert str(link.readlink()) in "12"
        call += 1
    assert str(link.readlink()) == "2"
    disk.remove(link)
    disk.remove(link)
    assert not link.is_symlink()
