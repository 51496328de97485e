"""What people see of releases."""

import pytest

from controller.jobs.refused import Refused
from controller.releases import read
from controller.releases.read import ReleaseQuery
from controller.words import BadQuestion
from tests.support.press import Press


def test_a_release_is_shown_from_draft_to_published(any_press: Press) -> None:
    press = any_press
    draft = press.draft({"a.txt": b"a" * 4000})
    page = press.read(lambda conn: read.release(conn, press.releases, draft.id))
    assert (page.row.state, page.signing, page.signers, page.missing) == ("draft", None, (), 0)
    done = press.finish(draft)
    press.sign(done.signing_id, 1)
    page = press.read(lambda conn: read.release(conn, press.releases, draft.id))
    assert page.signing.id == done.signing_id
    assert sorted(one.signed_at is None for one in page.signers) == [False, True]
    assert (page.missing, page.row.files, page.row.bytes) == (1, 1, 4000)
    assert page.about["bundle"] == "video"
    press.sign(done.signing_id)
    press.tick()
    page = press.read(lambda conn: read.release(conn, press.releases, draft.id))
    assert (page.row.state, page.row.published_at, page.missing) == ("published", press.now, 0)
    assert page.changes.files[0].path == "a.txt"


def test_the_size_of_an_update_is_what_crosses_the_line(press: Press) -> None:
    words = " ".join(f"{n * 7919 % 10_007}" for n in range(6000)).encode()
    press.publish({"a.txt": words})
    made = press.publish({"a.txt": words.replace(b" 42 ", b" forty-two ")})
    row = press.read(lambda conn: read.find(conn, "video", made.seq))
    assert row.parent_seq == 1
    assert row.update_bytes < 6000 < row.whole_bytes


def test_lists_are_filtered_and_paged(press: Press) -> None:
    for n in range(3):
        press.publish({"a.txt": f"{n}".encode()})
    press.draft({}, "peta")
    every = press.read(lambda conn: read.releases(conn, ReleaseQuery(size=2)))
    assert (every.total, [row.bundle for row in every.rows]) == (4, ["peta", "video"])
    drafts = ReleaseQuery(states=("draft",))
    assert press.read(lambda conn: read.releases(conn, drafts)).total == 1
    video = ReleaseQuery(bundle="video")
    found = press.read(lambda conn: read.releases(conn, video))
    assert [row.seq for row in found.rows] == [3, 2, 1]
    assert press.read(read.bundles) == ["peta", "video"]
    with pytest.raises(BadQuestion):
        press.read(lambda conn: read.releases(conn, ReleaseQuery(page=0)))


def test_what_is_not_there_is_told(press: Press) -> None:
    with pytest.raises(Refused):
        press.read(lambda conn: read.release(conn, press.releases, 99))
    assert press.read(lambda conn: read.find(conn, "video", 1)) is None


def test_a_broken_folder_does_not_hide_the_release(press: Press) -> None:
    made, _ = press.waiting({"a.txt": b"a"})
    (press.releases.metadata / "1.targets.json").write_bytes(b"{")
    page = press.read(lambda conn: read.release(conn, press.releases, made.id))
    assert (page.signers, page.missing) == ((), 2)
