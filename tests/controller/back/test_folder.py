"""A folder gets whole files only, each once, and says what is in its way."""

from pathlib import Path

import pytest

from controller.back.folder import Folder
from controller.back.parcel import Parcel
from controller.back.target import NotTaken

PARCEL = Parcel("a" * 32, "261122-0042-K7Q3M-R", b'{"v":1}')


def test_a_file_is_there_whole_and_for_few(tmp_path: Path) -> None:
    assert Folder(tmp_path).send(PARCEL, 0) == PARCEL.name
    (only,) = tmp_path.iterdir()
    assert only.read_bytes() == PARCEL.body
    assert only.stat().st_mode & 0o007 == 0


def test_one_that_is_sent_again_is_not_written_again(tmp_path: Path) -> None:
    Folder(tmp_path).send(PARCEL, 0)
    (tmp_path / PARCEL.name).write_bytes(b"being read")
    Folder(tmp_path).send(PARCEL, 0)
    assert (tmp_path / PARCEL.name).read_bytes() == b"being read"


def test_what_a_cut_left_behind_is_written_over(tmp_path: Path) -> None:
    (tmp_path / f".{PARCEL.name}.new").write_bytes(b"half a fi")
    Folder(tmp_path).send(PARCEL, 0)
    (only,) = tmp_path.iterdir()
    assert only.read_bytes() == PARCEL.body


def test_a_folder_that_is_gone_is_said_and_tried_again(tmp_path: Path) -> None:
    with pytest.raises(NotTaken, match="administrator must look") as why:
        Folder(tmp_path / "gone").send(PARCEL, 0)
    assert not why.value.ever


def test_a_link_laid_in_its_way_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / f".{PARCEL.name}.new").symlink_to(victim)
    with pytest.raises(NotTaken):
        Folder(inbox).send(PARCEL, 0)
    assert victim.read_bytes() == b"mine"
