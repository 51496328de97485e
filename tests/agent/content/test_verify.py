"""What has rotted, and what it is mended from."""

import shutil
from pathlib import Path

import pytest

from agent.content import assemble, verify
from agent.content.held import Held
from agent.content.slots import Slots
from tests.support.signed_folder import SignedFolder, stand

TREE = {"a.txt": b"aa", "b/c.bin": bytes(range(256))}


@pytest.fixture
def slots(tmp_path: Path, releases: SignedFolder) -> Slots:
    """Releases 1 and 2 stand there, and share all but one file."""
    found = Slots(tmp_path / "layanan")
    for seq, tree in ((1, TREE), (2, TREE | {"neu.txt": b"neu"})):
        release = releases.publish("layanan", seq, tree)
        names = {f.chunks[0][0]: tree[f.path] for f in release.index.files}
        stand(found.folder, release, names.get)
    return found


def index_of(slots: Slots, seq: int):  # type: ignore[no-untyped-def]
    papers = slots.papers(seq)
    assert papers is not None
    return papers[1]


def test_a_whole_tree_has_nothing_wrong(slots: Slots) -> None:
    assert verify.damaged(slots.tree(2), index_of(slots, 2), lambda: None) == []


def test_what_was_changed_removed_or_linked_is_found(slots: Slots) -> None:
    tree = slots.tree(2)
    (tree / "a.txt").write_bytes(b"ab")
    (tree / "neu.txt").unlink()
    (tree / "b/c.bin").unlink()
    (tree / "b/c.bin").symlink_to("/etc/passwd")
    found = verify.damaged(tree, index_of(slots, 2), lambda: None)
    assert [file.path for file in found] == ["a.txt", "b/c.bin", "neu.txt"]


def test_the_other_release_lends_what_it_still_has_right(slots: Slots) -> None:
    tree, index = slots.tree(2), index_of(slots, 2)
    (tree / "a.txt").write_bytes(b"ab")
    (slots.tree(1) / "b/c.bin").write_bytes(b"rotten too")
    wrong = verify.damaged(tree, index, lambda: None)
    held = Held(tree.parent, slots.shelf)
    verify.lend(slots, held, wrong, 2)
    verify.mend(tree, wrong, held.read)
    assert verify.damaged(tree, index, lambda: None) == []


def test_a_folder_that_became_a_link_is_made_anew_and_its_target_left_alone(
    slots: Slots, tmp_path: Path
) -> None:
    tree, index = slots.tree(2), index_of(slots, 2)
    shutil.rmtree(tree / "b")
    (tmp_path / "elsewhere").mkdir()
    (tree / "b").symlink_to(tmp_path / "elsewhere")
    wrong = verify.damaged(tree, index, lambda: None)
    held = Held(tree.parent, slots.shelf)
    verify.lend(slots, held, wrong, 2)
    verify.mend(tree, wrong, held.read)
    assert assemble.is_right(tree / "b/c.bin", wrong[0])
    assert list((tmp_path / "elsewhere").iterdir()) == []
