"""Files that have their names only once they are whole."""

import stat
from pathlib import Path

import pytest

from controller.releases.folder import Releases, settle, write, written


def test_a_file_has_its_name_only_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b"
    with written(path) as file:
        file.write(b"half")
        assert not path.exists()
    assert path.read_bytes() == b"half"


def test_an_error_leaves_what_was_there_before_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "b"
    write(path, b"old")
    with pytest.raises(TypeError), written(path) as file:
        file.write("no bytes")  # type: ignore[call-overload]
    assert [one.name for one in tmp_path.iterdir()] == ["b"]
    assert path.read_bytes() == b"old"


def test_drafts_are_for_the_office_alone(tmp_path: Path) -> None:
    made = Releases(tmp_path / "releases")
    made.make()
    made.make()
    assert stat.S_IMODE(made.drafts.stat().st_mode) == 0o700
    assert made.free() > 0


def test_names_are_those_that_kiosks_ask_for(tmp_path: Path) -> None:
    made = Releases(tmp_path)
    sha256 = "ab" + "0" * 62
    paths = [made.chunk(sha256), made.pack("peta", 1, 2), made.index("agent", 3, sha256)]
    assert [str(one.relative_to(tmp_path)) for one in paths] == [
        f"chunks/ab/{sha256}",
        "packs/peta-1-2.pack",
        f"targets/software/{sha256}.agent-3.idx",
    ]


def test_many_are_written_first_and_settled_together(tmp_path: Path) -> None:
    paths = [tmp_path / folder / name for folder in "ab" for name in "cd"]
    for path in paths:
        write(path, b"x", settled=False)
    settle(paths)
    settle([])
    with pytest.raises(FileNotFoundError):
        settle([tmp_path / "none"])
