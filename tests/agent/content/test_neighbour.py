"""A neighbour is asked first and believed in nothing."""

from pathlib import Path

import pytest

from agent.content.fetch import bring
from agent.content.meter import Meter
from agent.content.neighbour import Neighbour
from agent.content.stop import Stopped
from tests.support.child import free_port
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.file_server import FileServer, Handler, serving
from tests.support.signed_folder import SignedFolder
from wire.content import chunk_path

PAGES = {f"{number}.html": f"<p>Halaman {number}</p>".encode() * 9 for number in range(4)}


def lying(handler: Handler, data: bytes, _since: int) -> bool:
    handler.answer(200, data[:-1] + b"?")
    return True


def test_what_the_neighbour_has_costs_the_line_nothing(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer, tmp_path: Path
) -> None:
    made = releases.publish(BUNDLE, 1, PAGES)
    fetcher.meter = Meter(tmp_path / "meter.json", now=lambda: 0, day_bytes=10**6)
    with serving(releases.copy(tmp_path / "next-door")) as next_door:
        missing = made.index.files[0].sha256
        (next_door.root / chunk_path(missing)).unlink()
        neighbour = Neighbour(next_door.url)
        _, brought = fetcher.fetch(1, (neighbour,))
    assert brought.neighbour == neighbour.given > 0
    assert brought.single + brought.pack > 0
    assert [path for path in server.asked if "/chunks/" in path] == [f"/{chunk_path(missing)}"]
    assert fetcher.meter.left() == 10**6 - brought.line


def test_row_2_a_neighbour_that_lies_once_is_not_asked_again_and_counted(
    releases: SignedFolder, fetcher: Fetcher, tmp_path: Path
) -> None:
    made = releases.publish(BUNDLE, 1, PAGES)
    with serving(releases.copy(tmp_path / "next-door")) as next_door:
        next_door.mood = lying
        neighbour = Neighbour(next_door.url)
        _, brought = fetcher.fetch(1, (neighbour,))
        assert len(next_door.asked) == 1
    assert (brought.refused, brought.neighbour, neighbour.gone) == (1, 0, True)
    assert all(fetcher.held().has(file.sha256) for file in made.index.files)


def test_a_neighbour_that_is_not_there_delays_nothing_for_long(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    releases.publish(BUNDLE, 1, PAGES)
    neighbour = Neighbour(f"http://127.0.0.1:{free_port()}")
    fetcher.fetch(1, (neighbour,))
    assert neighbour.gone


def test_a_neighbour_that_never_ends_is_left(
    releases: SignedFolder, fetcher: Fetcher, tmp_path: Path
) -> None:
    releases.publish(BUNDLE, 1, PAGES)
    with serving(releases.copy(tmp_path / "next-door")) as next_door:

        def boast(handler: Handler, data: bytes, _since: int) -> bool:
            handler.answer(200, data, length=2**40)
            return True

        next_door.mood = boast
        neighbour = Neighbour(next_door.url)
        fetcher.fetch(1, (neighbour,))
    assert neighbour.gone


def test_row_15_a_neighbour_that_is_slow_to_have_nothing_is_left_after_a_while(
    releases: SignedFolder, fetcher: Fetcher, tmp_path: Path
) -> None:
    made = releases.publish(BUNDLE, 1, PAGES)
    times = iter(range(1000))
    with serving(tmp_path) as next_door:
        neighbour = Neighbour(next_door.url, patience_s=1.5, monotonic=lambda: next(times))
        fetcher.fetch(1, (neighbour,))
    assert neighbour.gone
    assert len(next_door.asked) == 2 < len(made.index.files)


def test_whoever_must_leave_is_heard_while_neighbours_are_asked(
    releases: SignedFolder, fetcher: Fetcher, tmp_path: Path
) -> None:
    releases.publish(BUNDLE, 1, PAGES)
    line = fetcher.line()
    release = fetcher.trust(line).release(BUNDLE, 1)

    def leave(_done: int, _total: int) -> None:
        raise Stopped

    with serving(tmp_path) as next_door:
        asked = (Neighbour(next_door.url),)
        with pytest.raises(Stopped):
            bring(release, fetcher.held(), line, room=fetcher.room(), neighbours=asked, say=leave)
        assert next_door.asked == []


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(ValueError, match="https://HOST"):
        Neighbour("kiosk-next-door")
