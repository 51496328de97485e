"""From a folder of files to a release that waits, and what stands in the way."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from controller.jobs.refused import Refused
from controller.releases import drafts, signing
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from controller.store.people_tables import audit
from tests.support.press import WHO, Press, tree_of

TREE = {"a/satu.html": b"<p>satu", "dua.txt": b"dua" * 90_000, "kosong.txt": b""}


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_a_folder_becomes_a_release_that_kiosks_can_fetch(any_press: Press) -> None:
    press = any_press
    made, done = press.waiting(TREE)
    assert press.state(made.id) == "waiting"
    assert done.missing == 2
    assert press.sign(done.signing_id, 1) == 1
    assert not press.releases.draft(made.id).exists()
    assert press.sign(done.signing_id, 2) == 0
    assert press.state(made.id) == "signed"
    assert press.tick()
    assert press.state(made.id) == "published"
    got = press.fetched(press.home / "k", "video", 1)
    assert got is not None
    about, index = got
    assert tree_of(index, press.releases) == TREE
    assert (about.seq, about.files, about.built_at) == (1, 3, press.now)
    assert about.packs[0].since == 0
    wrote = select(audit.c.what).order_by(audit.c.n)
    assert press.read(lambda conn: list(conn.scalars(wrote))) == [
        "release.begin",
        "release.check",
        "release.sign",
        "release.sign",
        "release.sign",
        "release.publish",
    ]


def test_a_second_release_has_a_pack_from_the_first_and_says_what_changed(press: Press) -> None:
    press.publish(TREE)
    press.publish({**TREE, "dua.txt": b"tiga" + b"dua" * 90_000, "baru.txt": b"baru"})
    got = press.fetched(press.home / "k", "video", 2)
    assert got is not None
    sizes = {one.since: one.size for one in got[0].packs}
    assert set(sizes) == {0, 1}
    assert tree_of(got[1], press.releases)["baru.txt"] == b"baru"


def test_of_a_draft_with_problems_all_are_told_and_it_stays_a_draft(press: Press) -> None:
    made = press.draft({"film.exe": b"MZ", "gambar.png": b"no picture", "a.txt": b"a"})
    done = press.finish(made)
    assert len(done.problems) == 2
    assert press.state(made.id) == "draft"
    assert press.read(lambda conn: signing.open_(conn, "content")) is None


def test_while_one_release_waits_for_signatures_no_other_can(press: Press) -> None:
    press.waiting(TREE)
    other = press.draft({"a.txt": b"a"}, "peta")
    with pytest.raises(Refused) as refused:
        press.finish(other)
    assert code(refused) == "state"
    assert press.state(other.id) == "draft"


def test_a_dropped_release_makes_way_and_its_number_is_not_used_again(any_press: Press) -> None:
    made, done = any_press.waiting(TREE)
    with any_press.writing() as conn:
        drafts.drop(conn, any_press.releases, made.id, WHO, any_press.now)
    assert any_press.state(made.id) == "dropped"
    assert any_press.read(lambda conn: signing.find(conn, done.signing_id)).state == "dropped"
    with pytest.raises(Refused), any_press.writing() as conn:
        drafts.drop(conn, any_press.releases, made.id, WHO, any_press.now)
    assert any_press.publish(TREE).seq == 2


def test_a_draft_that_was_overtaken_gets_a_higher_number(press: Press) -> None:
    first = press.draft({"a.txt": b"a"})
    press.publish({"a.txt": b"b"})
    done = press.finish(first)
    press.sign(done.signing_id)
    press.tick()
    assert press.fetched(press.home / "k", "video", 3) is not None


def test_an_old_copy_of_the_database_does_not_use_a_signed_number_again(
    press: Press, tmp_path: Path
) -> None:
    press.publish(TREE)
    forgetful = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    migrate(f"sqlite:///{tmp_path / 'old.db'}")
    with writing(forgetful) as conn:
        assert drafts.begin(conn, press.releases, "video", "lagi", WHO, press.now).seq == 2
    forgetful.dispose()


@pytest.mark.parametrize("bundle", ["", "A", "x", "../x", "a" * 40, "a_b", "video\n"])
def test_bundles_have_plain_names(press: Press, bundle: str) -> None:
    with pytest.raises(Refused) as refused:
        press.draft({}, bundle)
    assert code(refused) == "bundle"


def test_a_release_says_what_is_new(press: Press) -> None:
    for note in ("", "  ", "x" * 301, "\x07"):
        with pytest.raises(Refused) as refused:
            press.draft({}, note=note)
        assert code(refused) == "note"


def test_what_is_no_draft_cannot_be_finished(press: Press) -> None:
    made = press.publish(TREE)
    for release_id in (made.id, 99):
        with pytest.raises(Refused):
            drafts.finish(press.engine, press.releases, release_id, WHO, press.now)


def test_without_a_ceremony_nothing_can_wait_for_signatures(press: Press) -> None:
    made = press.draft(TREE)
    for file in press.releases.metadata.iterdir():
        file.unlink()
    with pytest.raises(Refused) as refused:
        press.finish(made)
    assert code(refused) == "no_keys"


def test_software_is_signed_by_other_people_and_says_for_which_machine(press: Press) -> None:
    press.publish({"bin/run": b"\x7fELF"}, "agent", machine="x86_64", python="3.11")
    got = press.fetched(press.home / "k", "agent", 1)
    assert got is not None
    assert (got[0].machine, got[0].python) == ("x86_64", "3.11")


def test_a_release_cannot_forbid_itself(press: Press) -> None:
    made = press.draft(TREE)
    with pytest.raises(Refused) as refused:
        press.finish(made, min_seq=2)
    assert code(refused) == "min_seq"
    assert press.state(made.id) == "draft"


def test_row_20_a_full_disk_leaves_a_draft_that_can_be_finished_later(press: Press) -> None:
    made = press.draft({"film.mp4": b"\0\0\0\x18" + Random(1).randbytes(900_000)})
    chunks = press.releases.path / "chunks"
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(chunks)]
    subprocess.run(mount, check=True)
    try:
        with pytest.raises(OSError, match="No space left"):
            press.finish(made)
    finally:
        subprocess.run(["umount", str(chunks)], check=True)
    assert press.state(made.id) == "draft"
    press.sign(press.finish(made).signing_id)
    press.tick()
    assert press.fetched(press.home / "k", "video", 1) is not None


def test_cut_at_each_sync_a_release_is_finished_by_finishing_it_again(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish(TREE)
    made = press.draft({**TREE, "dua.txt": b"tiga" * 90_000})
    sync, cuts = os.fsync, 0
    while True:
        left = [cuts]

        def failing(handle: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(5, "the disk did not take it")
            sync(handle)

        monkeypatch.setattr(os, "fsync", failing)
        try:
            done = press.finish(made)
        except OSError:
            assert press.state(made.id) == "draft"
            assert not list(press.releases.path.rglob(".*.part"))
            cuts += 1
            continue
        finally:
            monkeypatch.setattr(os, "fsync", sync)
        break
    assert cuts > 5
    press.sign(done.signing_id)
    press.tick()
    got = press.fetched(press.home / "k", "video", made.seq)
    assert got is not None
    assert tree_of(got[1], press.releases)["dua.txt"] == b"tiga" * 90_000


def test_two_who_finish_the_same_draft_make_one_release(any_press: Press) -> None:
    made = any_press.draft(TREE)
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(any_press.finish, made) for _ in range(4)]
    errors = [one.exception() for one in futures]
    assert errors.count(None) == 1
    assert all(isinstance(one, Refused) for one in errors if one is not None)
    assert any_press.state(made.id) == "waiting"
