"""What nobody needs any more goes, and nothing else."""

import os
import time
from pathlib import Path

from controller.releases import drafts, renewals
from controller.releases.prune import YOUNG_MS, prune
from tests.support.press import WHO, Press


def files(press: Press) -> set[Path]:
    kinds = (press.releases.path / kind for kind in ("chunks", "packs", "targets"))
    return {one for kind in kinds for one in kind.rglob("*") if one.is_file()}


def age(press: Press) -> None:
    for path in files(press):
        os.utime(path, (1, 1))


def prune_now(press: Press) -> int:
    with press.writing() as conn:
        return prune(conn, press.releases, time.time_ns() // 1_000_000)


def test_what_is_on_offer_or_waits_stays_whatever_its_age(press: Press) -> None:
    press.publish({"a.txt": b"a" * 300, "b.txt": b"b"})
    press.publish({"a.txt": b"a" * 301, "b.txt": b"b"})
    made, done = press.waiting({"a.txt": b"a" * 302})
    age(press)
    assert prune_now(press) == 0
    press.sign(done.signing_id)
    assert prune_now(press) == 0
    press.tick()
    assert press.fetched(press.home / "k", "video", made.seq) is not None


def test_what_was_withdrawn_goes_once_it_is_old_and_shared_chunks_stay(press: Press) -> None:
    first = press.publish({"a.txt": b"only here", "b.txt": b"shared"})
    press.publish({"b.txt": b"shared"})
    with press.writing() as conn:
        number = renewals.withdraw(conn, press.releases, first.id, WHO, press.now)
    press.sign(number)
    press.tick()
    press.publish({"b.txt": b"shared", "c.txt": b"c"})  # the list before the last still named it
    assert prune_now(press) == 0
    before = files(press)
    age(press)
    assert prune_now(press) == 3  # its index, its pack, its one chunk
    assert {one.parent.name[:7] for one in before - files(press)} == {"content", "packs"} | {
        one.parent.name for one in before - files(press) if one.parent.parent.name == "chunks"
    }
    for seq in (2, 3):
        assert press.fetched(press.home / "k", "video", seq) is not None


def test_of_a_dropped_release_nothing_stays(press: Press) -> None:
    press.tick()
    made, _ = press.waiting({"a.txt": b"a"})
    with press.writing() as conn:
        drafts.drop(conn, press.releases, made.id, WHO, press.now)
    assert prune_now(press) == 0
    age(press)
    assert prune_now(press) == 3
    assert files(press) == set()
    assert YOUNG_MS > 86_400_000  # a release takes less to be made


def test_a_draft_that_was_cut_at_its_end_is_collected_and_others_stay(press: Press) -> None:
    published = press.publish({"a.txt": b"a"})
    draft = press.draft({"a.txt": b"b"})
    left = press.releases.draft(published.id)
    left.mkdir()
    (left / "a.txt").write_bytes(b"a")
    for folder in (left, press.releases.draft(draft.id)):
        os.utime(folder, (1, 1))
    assert prune_now(press) == 1
    assert not left.exists()
    assert press.releases.draft(draft.id).is_dir()
