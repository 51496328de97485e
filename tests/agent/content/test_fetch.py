"""Chunks arrive: those that are here already, from a pack, one by one, and never a wrong one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from agent.content.fetch import Dry, Room, bring, dry_run
from agent.content.meter import Meter
from agent.content.trouble import Damaged, NoRoom, NotNow, NotThere, StorageFailing
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.file_server import FileServer, Handler
from tests.support.signed_folder import SignedFolder, stand

PAGE = b"<p>Permohonan KTP: bawa kartu keluarga, datang sebelum pukul 14.</p>\n" * 60
FILM = Random(5).randbytes(400_000)
TREE = {"content.json": b"{}", "page.html": PAGE, "video/film.mp4": FILM, "empty.txt": b""}
CHANGED = TREE | {"page.html": PAGE + b"<p>Jumat tutup</p>", "video/film.mp4": b"new" + FILM}


def wire(server: FileServer, kind: str) -> list[str]:
    return [path for path in server.asked if path.startswith(f"/{kind}/")]


def whole(fetcher: Fetcher, tree: dict[str, bytes], seq: int) -> bool:
    """Whether everything of it can be put together from what is here."""
    release = fetcher.trust().release(BUNDLE, seq)
    held = fetcher.held()
    return tree == {
        file.path: b"".join(held.read(sha256) or b"?" for sha256, _ in file.chunks)
        for file in release.index.files
    }


def test_a_first_release_comes_as_one_pack(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    _, brought = fetcher.fetch(1)
    assert whole(fetcher, TREE, 1)
    assert (wire(server, "packs"), wire(server, "chunks")) == (["/packs/layanan-0-1.pack"], [])
    assert (brought.reused, brought.refused) == (0, 0)
    assert brought.pack < brought.line < brought.pack + 10_000


def test_the_next_one_brings_only_what_changed_as_deltas(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.install(1)
    releases.publish(BUNDLE, 2, CHANGED, since=(0, 1))
    _, brought = fetcher.fetch(2)
    assert whole(fetcher, CHANGED, 2)
    assert wire(server, "packs")[1:] == ["/packs/layanan-1-2.pack"]
    assert brought.pack < 1000
    assert brought.reused > 200_000


def test_what_is_here_already_is_not_asked_for(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.fetch(1)
    server.asked.clear()
    _, brought = fetcher.fetch(1)
    assert (brought.requests, brought.pack, brought.single) == (2, 0, 0)


def test_without_packs_every_chunk_comes_alone(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    made = releases.publish(BUNDLE, 1, TREE, since=())
    _, brought = fetcher.fetch(1)
    assert whole(fetcher, TREE, 1)
    assert len(wire(server, "chunks")) == made.about.chunks
    assert brought.single > 0


def test_a_pack_that_is_not_there_is_done_without(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    releases.files.pack(BUNDLE, 0, 1).unlink()
    fetcher.fetch(1)
    assert whole(fetcher, TREE, 1)
    assert wire(server, "chunks")


def test_a_delta_whose_base_has_rotted_here_comes_alone(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.install(1)
    (fetcher.folder / BUNDLE / "slots/1/page.html").write_bytes(b"rotten")
    changed = TREE | {"page.html": CHANGED["page.html"]}
    releases.publish(BUNDLE, 2, changed, since=(1,))
    fetcher.fetch(2)
    assert whole(fetcher, changed, 2)
    assert len(wire(server, "chunks")) == 1


@pytest.mark.parametrize("at", [20, 60, 300, -9])
def test_row_2_a_byte_flipped_in_a_pack_costs_its_chunk_which_comes_alone(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer, at: int
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    path = releases.files.pack(BUNDLE, 0, 1)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    _, brought = fetcher.fetch(1)
    assert whole(fetcher, TREE, 1)
    assert brought.refused >= 1
    assert wire(server, "chunks")


def test_row_2_a_byte_flipped_in_a_chunk_is_refused_and_fetched_once_more(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    made = releases.publish(BUNDLE, 1, {"page.html": PAGE}, since=())
    sha256 = made.index.files[0].sha256
    path = releases.files.chunk(sha256)
    true = path.read_bytes()
    path.write_bytes(true[:-1] + bytes([true[-1] ^ 1]))
    with pytest.raises(Damaged) as caught:
        fetcher.fetch(1)
    assert caught.value.who == "office"
    assert len(wire(server, "chunks")) == 2
    assert not fetcher.held().has(sha256)
    path.write_bytes(true)
    fetcher.fetch(1)


def test_row_2_the_second_answer_counts_when_the_first_was_wrong(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, {"page.html": PAGE}, since=())
    lies = [True]

    def mood(handler: Handler, data: bytes, _since: int) -> bool:
        if "/chunks/" in handler.path and lies.pop():
            lies.append(False)
            handler.answer(200, data[:-1] + b"?")
            return True
        return False

    server.mood = mood
    _, brought = fetcher.fetch(1)
    assert brought.refused == 1
    assert whole(fetcher, {"page.html": PAGE}, 1)


def test_a_chunk_that_is_not_there_is_the_offices_business(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    made = releases.publish(BUNDLE, 1, {"page.html": PAGE}, since=())
    releases.files.chunk(made.index.files[0].sha256).unlink()
    with pytest.raises(NotThere) as caught:
        fetcher.fetch(1)
    assert caught.value.who == "office"


def test_a_dry_run_says_what_it_will_cost_and_fetches_nothing(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.install(1)
    releases.publish(BUNDLE, 2, CHANGED, since=(0, 1))
    line = fetcher.line()
    release = fetcher.trust(line).release(BUNDLE, 2)
    server.asked.clear()
    dry = dry_run(release, fetcher.held())
    assert server.asked == []
    before = line.used.bytes
    bring(release, fetcher.held(), line, room=fetcher.room())
    assert dry.since == 1
    assert abs(dry.bytes - (line.used.bytes - before)) < 400
    assert Dry(1000, 1, 0, None).seconds(8) == 1.0


def test_progress_is_told_and_ends_at_its_total(releases: SignedFolder, fetcher: Fetcher) -> None:
    releases.publish(BUNDLE, 1, TREE)
    line, told = fetcher.line(), list[tuple[int, int]]()
    release = fetcher.trust(line).release(BUNDLE, 1)

    def say(done: int, total: int) -> None:
        told.append((done, total))

    bring(release, fetcher.held(), line, room=fetcher.room(), say=say)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > 400_000


def test_a_budget_ends_it_in_the_middle_and_the_next_day_goes_on(
    releases: SignedFolder, fetcher: Fetcher, tmp_path: Path
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    now = [0]
    fetcher.meter = Meter(tmp_path / "meter.json", now=lambda: now[0], day_bytes=150_000)
    for _ in range(2):
        with pytest.raises(NotNow) as caught:
            fetcher.fetch(1)
        now[0] += int((caught.value.again_s or 0) * 1000)
    _, brought = fetcher.fetch(1)
    assert 0 < brought.pack < 150_000
    fetcher.meter = None
    assert whole(fetcher, TREE, 1)


def test_row_20_what_would_not_fit_is_not_begun(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    line = fetcher.line()
    release = fetcher.trust(line).release(BUNDLE, 1)
    server.asked.clear()
    with pytest.raises(NoRoom) as caught:
        bring(release, fetcher.held(), line, room=Room(fetcher.folder, keep_free=2**60))
    assert (caught.value.who, server.asked) == ("technician", [])


def test_row_20_a_disk_that_fills_up_on_the_way_gets_its_room_back(
    releases: SignedFolder, fetcher: Fetcher, tmp_path: Path
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    with small_disk(tmp_path / "small", 600) as small:
        fetcher.folder = small
        line = fetcher.line()
        release = fetcher.trust(line).release(BUNDLE, 1)
        room = Room(tmp_path) if os.path.ismount(small) else Room(small, keep_free=2**60)
        with pytest.raises(NoRoom):
            bring(release, fetcher.held(), line, room=room)
        assert not (small / BUNDLE / "shelf").exists()


@contextmanager
def small_disk(folder: Path, kib: int) -> Iterator[Path]:
    """A disk of its own, of so many KiB; mounting needs root, else it is none."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(folder)]
    if mounted := os.geteuid() == 0:
        subprocess.run(mount, check=True)
    try:
        (folder / BUNDLE).mkdir()
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", folder], check=True)


def test_a_disk_that_does_not_take_it_is_said(releases: SignedFolder, fetcher: Fetcher) -> None:
    releases.publish(BUNDLE, 1, TREE)
    (fetcher.folder / BUNDLE / "shelf").write_text("a file where the shelf should be")
    with pytest.raises(StorageFailing):
        fetcher.fetch(1)


def test_two_releases_whose_chunks_are_shared_need_nothing_from_the_line(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    made = releases.publish(BUNDLE, 1, TREE)
    fetcher.fetch(1)
    stand(fetcher.folder / BUNDLE, made, fetcher.held().read)
    moved = {f"other/{path}": data for path, data in TREE.items()}
    releases.publish(BUNDLE, 2, moved, since=(0,))
    _, brought = fetcher.fetch(2)
    assert (brought.pack, brought.single) == (0, 0)
    assert whole(fetcher, moved, 2)
