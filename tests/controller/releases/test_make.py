"""The parts of a release, and what is signed of them; test_drafts.py walks the whole way."""

import pytest

from controller.jobs.refused import Refused
from controller.releases import make, metadata, offers
from tests.support.press import Press


def test_each_release_can_be_reached_from_the_last_three_and_from_nothing(press: Press) -> None:
    for n in range(5):
        press.publish({"a.txt": b"text %d " % n * 400, "b.txt": b"b"})
    got = press.fetched(press.home / "k", "video", 5)
    assert got is not None
    about = got[0]
    assert {one.since for one in about.packs} == {4, 3, 2, 0}
    for one in about.packs:
        assert press.releases.pack("video", one.since, 5).stat().st_size == one.size
    assert (about.files, about.chunks) == (2, 2)
    assert about.unpacked == len(b"text 4 ") * 400 + 1


def test_a_list_of_files_that_no_kiosk_would_take_is_not_made(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "MOST_INDEX_SENT", 10)
    made = press.draft({"a.txt": b"a"})
    with pytest.raises(Refused, match="divide") as refused:
        press.finish(made)
    assert refused.value.code == "too_large"


def test_the_oldest_version_that_may_come_back_is_signed(press: Press) -> None:
    press.publish({"a.txt": b"a"})
    press.publish({"a.txt": b"b"}, min_seq=2, min_agent="1.4")
    got = press.fetched(press.home / "k", "video", 2)
    assert got is not None
    assert (got[0].min_seq, got[0].min_agent) == (2, "1.4")


def test_a_parent_whose_chunk_has_rotted_is_told_of(press: Press) -> None:
    press.publish({"a.txt": b"a" * 300})
    offered = offers.offered(metadata.present(press.releases), "video")
    old = offers.index_of(press.releases, offered[1])
    press.releases.chunk(old.files[0].chunks[0][0]).unlink()
    made = press.draft({"a.txt": b"a" * 301})
    with pytest.raises((Refused, OSError)):
        press.finish(made)
    assert press.state(made.id) == "draft"
