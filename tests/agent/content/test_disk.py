"""A small file is the old one or the new one, and the new one once `write` has returned."""

import os
from pathlib import Path

import pytest

from agent.content import disk
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
