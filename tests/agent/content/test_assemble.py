"""Files out of chunks."""

import os
from pathlib import Path

import pytest

from agent.content import assemble
from agent.content.assemble import Missing
from tests.support.signed_folder import SignedFolder
from wire.content import Index

TREE = {"a.txt": b"aa", "b/c/d.bin": bytes(range(256)), "leer.txt": b""}


@pytest.fixture
def index(releases: SignedFolder) -> Index:
    return releases.publish("layanan", 1, TREE).index


def chunks(index: Index) -> dict[str, bytes]:
    """All files here are of one chunk."""
    return {file.chunks[0][0]: TREE[file.path] for file in index.files if file.chunks}


def nothing() -> None:
    pass


def test_a_tree_has_every_file_readable_for_all_and_nothing_else(
    tmp_path: Path, index: Index
) -> None:
    tree = tmp_path / "tree"
    (tree / "b").mkdir(parents=True)
    (tree / "b/old.txt").write_text("of an earlier try")
    (tree / "a.txt").symlink_to("/etc/passwd")
    (tree / "link").symlink_to("/etc")
    assemble.fill(tree, index, chunks(index).get, nothing)
    files = {str(one.relative_to(tree)): one for one in tree.rglob("*") if one.is_file()}
    assert {name: one.read_bytes() for name, one in files.items()} == TREE
    assert all(one.stat().st_mode & 0o777 == 0o644 for one in files.values())
    assert not (tree / "link").exists()


def test_a_chunk_that_has_gone_is_said(tmp_path: Path, index: Index) -> None:
    (tmp_path / "tree").mkdir()
    with pytest.raises(Missing):
        assemble.fill(tmp_path / "tree", index, lambda _: None, nothing)


def test_a_file_that_stands_right_is_not_written_again(tmp_path: Path, index: Index) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    assemble.fill(tree, index, chunks(index).get, nothing)
    before = (tree / "a.txt").stat().st_ino
    assemble.fill(tree, index, lambda _: None, nothing)
    assert (tree / "a.txt").stat().st_ino == before


@pytest.mark.parametrize("what", ["other", "longer", "link", "folder", "pipe", "none"])
def test_only_the_very_bytes_in_a_plain_file_are_right(
    tmp_path: Path, index: Index, what: str
) -> None:
    file = next(one for one in index.files if one.path == "a.txt")
    path = tmp_path / "a.txt"
    (tmp_path / "real").write_bytes(b"aa")
    make = {
        "other": lambda: path.write_bytes(b"ab"),
        "longer": lambda: path.write_bytes(b"aaa"),
        "link": lambda: path.symlink_to("real"),
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "none": nothing,
    }
    make[what]()
    assert not assemble.is_right(path, file)
    assert assemble.is_right(tmp_path / "real", file)


def test_folders_are_synced_from_the_deepest_up(tmp_path: Path) -> None:
    found = assemble.folders_of(tmp_path, ["a/b/c.txt", "d.txt"])
    assert found == [tmp_path / "a/b", tmp_path / "a", tmp_path]
