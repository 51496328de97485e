"""Releases side by side on a disk, one of them current."""

from pathlib import Path

from agent.content.slots import Slots
from tests.support.signed_folder import SignedFolder


def filled(slots: Slots, seq: int, releases: SignedFolder) -> None:
    release = releases.publish("layanan", seq, {"a.txt": b"%d" % seq})
    slots.keep_papers(release.about, release.index)
    slots.build(seq, lambda tree: write(tree / "a.txt", b"%d" % seq))


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def test_nothing_is_in_use_at_first(tmp_path: Path) -> None:
    slots = Slots(tmp_path / "layanan")
    assert (slots.current, slots.all(), slots.papers(1)) == (0, (), None)


def test_one_rename_switches(tmp_path: Path, releases: SignedFolder) -> None:
    slots = Slots(tmp_path / "layanan")
    for seq in (1, 2):
        filled(slots, seq, releases)
        slots.switch(seq)
        assert slots.current == seq
    assert (tmp_path / "layanan/current/a.txt").read_bytes() == b"2"
    slots.switch(0)
    assert slots.current == 0


def test_papers_come_back_as_they_were_kept(tmp_path: Path, releases: SignedFolder) -> None:
    slots = Slots(tmp_path / "layanan")
    filled(slots, 1, releases)
    papers = slots.papers(1)
    assert papers is not None
    assert papers[1].files[0].path == "a.txt"
    (tmp_path / "layanan/slots/1.idx").write_bytes(b"{}")
    assert slots.papers(1) is None


def test_a_tree_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    slots = Slots(tmp_path / "layanan")

    def cut(tree: Path) -> None:
        (tree / "half.txt").write_bytes(b"half")
        raise OSError("cut")

    try:
        slots.build(1, cut)
    except OSError:
        assert not slots.has(1)
    slots.build(1, lambda _: None)
    assert slots.has(1)


def test_prune_leaves_the_one_in_use_and_what_is_none_of_ours(
    tmp_path: Path, releases: SignedFolder
) -> None:
    slots = Slots(tmp_path / "layanan")
    for seq in (1, 2, 3):
        filled(slots, seq, releases)
    slots.switch(3)
    (tmp_path / "layanan/slots/9.tmp").mkdir()
    (tmp_path / "layanan/slots/1.gone").mkdir()
    (tmp_path / "layanan/slots/README").write_text("a technician's")
    slots.prune({2})
    assert slots.all() == (2, 3)
    names = {one.name for one in (tmp_path / "layanan/slots").iterdir()}
    assert names == {"2", "3", "2.idx", "3.idx", "2.about.json", "3.about.json", "README"}


def test_a_link_to_somewhere_else_is_no_release(tmp_path: Path) -> None:
    slots = Slots(tmp_path / "layanan")
    slots.folder.mkdir()
    for wrong in ("slots/../../etc", "elsewhere/1", "slots/0", "slots/01", "slots/1/2"):
        (slots.folder / "current").unlink(missing_ok=True)
        (slots.folder / "current").symlink_to(wrong)
        assert slots.current == 0
