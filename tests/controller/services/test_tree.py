"""The files of the release that is signed, read out of the folder of releases."""

from pathlib import Path

import pytest

from controller.jobs.refused import Refused
from controller.services import tree
from tests.support.press import Press, press

__all__ = ["press"]
FILES = {"content.json": b"{}", "tenants/32.73/look.css": b"x" * 200_000}


def test_before_the_first_release_there_is_no_file(press: Press) -> None:
    assert tree.present(press.releases) == tree.Tree(0, {})


def test_the_newest_is_laid_down_as_it_is(press: Press, tmp_path: Path) -> None:
    press.publish({"content.json": b"{}"}, "layanan")
    press.publish(FILES, "layanan")
    found = tree.present(press.releases)
    assert (found.seq, set(found.files)) == (2, set(FILES))
    tree.lay(press.releases, found, tmp_path, frozenset({"content.json"}))
    assert (tmp_path / "tenants/32.73/look.css").read_bytes() == b"x" * 200_000
    assert not (tmp_path / "content.json").exists()


def test_a_broken_folder_is_told_to_the_administrator(press: Press, tmp_path: Path) -> None:
    press.publish(FILES, "layanan")
    found = tree.present(press.releases)
    for path in (press.releases.path / "chunks").rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(Refused, match="restore the folder"):
        tree.lay(press.releases, found, tmp_path, frozenset())
