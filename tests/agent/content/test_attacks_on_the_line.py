"""A server that lies, stalls, truncates or never ends, and a line that breaks: bounded, resumed."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from agent.content.line import TRIES
from agent.content.trouble import Damaged, LineFailing, Untrusted
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.file_server import FileServer, Handler, Mood
from tests.support.signed_folder import SignedFolder
from tests.support.tcp_proxy import Weather, proxied
from wire import content

FILM = Random(16).randbytes(300_000)
TREE = {"content.json": b"{}", "film.mp4": FILM}
PIECE = 64 * 1024


def whole(fetcher: Fetcher) -> bool:
    release = fetcher.trust().release(BUNDLE, 1)
    held = fetcher.held()
    return all(held.has(sha256) for file in release.index.files for sha256, _ in file.chunks)


@pytest.mark.parametrize("name", ["timestamp.json", "2.root.json", ".idx", ".pack", "/chunks/"])
def test_row_13_what_never_ends_is_cut_at_what_it_may_be(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer, name: str
) -> None:
    releases.publish(BUNDLE, 1, TREE, since=(0,) if name == ".pack" else ())
    poured = [0]

    def endless(handler: Handler, _data: bytes, _since: int) -> bool:
        if name not in handler.path:
            return False
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        while handler.wfile.write(bytes(PIECE)):  # until the kiosk hangs up
            poured[0] += PIECE
        return True

    releases.rotate("timestamp")
    releases.news()
    server.mood = endless
    with contextlib.suppress(Damaged, Untrusted):
        fetcher.fetch(1)
        assert name == ".pack"  # its chunks come alone
    # What the system's own buffers swallow is not ours.
    assert poured[0] < 16_000_000
    assert any(name in path for path in server.asked)


def test_row_13_a_body_that_says_it_is_longer_than_it_may_be_is_not_read(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)

    def boast(handler: Handler, data: bytes, _since: int) -> bool:
        handler.answer(200, data, length=2**40)
        return True

    server.mood = boast
    line = fetcher.line()
    with pytest.raises(Untrusted):
        line.read("metadata/timestamp.json", 16_384)
    assert line.used.bytes < 3000


@pytest.mark.parametrize("more", [b"HTTP/1.1 100 Continue\r\n\r\n", b"X-More: more\r\n" * 50])
def test_row_13_headers_and_words_to_wait_without_an_end_are_cut(
    fetcher: Fetcher, server: FileServer, more: bytes
) -> None:
    def endless(handler: Handler, _data: bytes, _since: int) -> bool:
        if more[:1] == b"X":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while handler.wfile.write(more * 100):
            pass
        return True

    server.mood = endless
    line = fetcher.line()
    with pytest.raises(LineFailing):
        line.read("metadata/timestamp.json", 16_384)
    assert line.used.bytes < 5 * 400_000  # five tries


@pytest.mark.parametrize("more", [b"X-More: more\r\n" * 70, b"1;" + b"a" * 999 + b"\r\nX\r\n"])
def test_row_13_what_stands_between_and_behind_the_pieces_of_a_body_is_cut(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer, more: bytes
) -> None:
    def endless(handler: Handler, _data: bytes, _since: int) -> bool:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        handler.wfile.write(b"0\r\n" if more[:1] == b"X" else b"")
        for _ in range(10_000):  # ten megabytes
            handler.wfile.write(more)
        return True

    releases.publish(BUNDLE, 1, TREE)
    server.mood = endless
    line = fetcher.line()
    with pytest.raises(LineFailing):
        line.read("metadata/timestamp.json", 16_384)
    assert line.used.bytes < 5 * 500_000  # five tries


def shrinking(handler: Handler, data: bytes, since: int) -> bool:
    """All but the end, and asked for that: the file is shorter than what you have."""
    if since:
        handler.answer(416, b"", {"Content-Range": "bytes */5"})
    else:
        handler.answer(200, data[:-1], length=len(data))
        handler.close_connection = True
    return True


def begrudging(handler: Handler, data: bytes, _since: int) -> bool:
    """From the beginning each time, and a byte more."""
    asked = len([path for path in handler.server.asked if path == handler.path])
    handler.answer(200, data[: 10_000 + asked], length=len(data))
    handler.close_connection = True
    return True


@pytest.mark.parametrize("mood", [shrinking, begrudging])
def test_row_17_a_server_that_gives_a_little_for_much_is_left_for_now(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer, mood: Mood, tmp_path: Path
) -> None:
    made = releases.publish(BUNDLE, 1, {**TREE, "noise": Random(1).randbytes(60_000)})
    path = content.pack_path(BUNDLE, 0, 1)
    server.mood = mood
    line = fetcher.line()
    with pytest.raises(LineFailing):
        line.bring(path, tmp_path / "part", made.about.packs[0].size)
    assert len(server.asked) < 4 * TRIES


def drop_by_drop(*, body: bool) -> Callable[[Handler, bytes, int], bool]:
    gone = threading.Event()

    def mood(handler: Handler, data: bytes, _since: int) -> bool:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        if body:
            handler.wfile.write(head)
        for at, byte in enumerate(data if body else head):
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            gone.wait(0.02 if at else 0)
        return True

    return mood


@pytest.mark.parametrize("body", [True, False])
def test_row_15_a_server_that_gives_drop_by_drop_is_given_up_and_asked_again_later(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer, *, body: bool
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.grace_s, fetcher.least_kbit = 0.2, 8.0
    server.mood = drop_by_drop(body=body)
    with pytest.raises(LineFailing) as caught:
        fetcher.fetch(1)
    assert caught.value.who == "network"
    assert caught.value.again_s
    assert fetcher.pauses == [0.5, 1.0, 2.0, 4.0]
    server.mood, fetcher.grace_s = None, 20.0
    fetcher.fetch(1)
    assert whole(fetcher)


def test_row_16_a_connection_cut_at_every_5_percent_costs_at_most_a_tenth_more(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    with proxied(server.server_address[1]) as proxy:
        proxy.weather.cut_after = 310_000 // 20
        fetcher.url = proxy.url
        fetcher.fetch(1)
        assert whole(fetcher)
        assert proxy.opened > 19
        assert proxy.bytes < 1.1 * 310_000


def test_row_16_the_same_without_packs(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE, since=())
    with proxied(server.server_address[1]) as proxy:
        proxy.weather = Weather(cut_after=310_000 // 20, reset=True)
        fetcher.url = proxy.url
        fetcher.fetch(1)
        assert whole(fetcher)
        assert proxy.bytes < 1.1 * 310_000


def ignores_ranges(handler: Handler, data: bytes, _since: int) -> None:
    handler.answer(200, data)


def another_range(handler: Handler, data: bytes, since: int) -> None:
    wrong = max(0, since - 10)
    said = {"Content-Range": f"bytes {wrong}-{len(data) - 1}/{len(data)}"}
    handler.answer(206, data[wrong:], said)


def says_one_range_and_gives_another(handler: Handler, data: bytes, since: int) -> None:
    said = {"Content-Range": f"bytes {since}-{len(data) - 1}/{len(data)}"}
    handler.answer(206, data[: len(data) - since], said)


def no_such_range(handler: Handler, data: bytes, _since: int) -> None:
    handler.answer(416, b"no", {"Content-Range": f"bytes */{len(data)}"})


def no_such_range_and_no_word(handler: Handler, _data: bytes, _since: int) -> None:
    handler.answer(416, b"no")


def short(handler: Handler, data: bytes, _since: int) -> None:
    handler.answer(200, data[: len(data) // 3], length=len(data))
    handler.close_connection = True


def short_and_content(handler: Handler, data: bytes, _since: int) -> None:
    handler.answer(200, data[: len(data) // 3])


def garbled(handler: Handler, _data: bytes, _since: int) -> None:
    handler.wfile.write(b"\0\xffnot http at all\r\n\r\n")
    handler.close_connection = True


@pytest.mark.parametrize("since", [(0,), ()])
@pytest.mark.parametrize(
    "lie",
    [
        ignores_ranges,
        another_range,
        says_one_range_and_gives_another,
        no_such_range,
        no_such_range_and_no_word,
        short,
        short_and_content,
        garbled,
    ],
)
def test_row_17_a_server_that_is_wrong_about_ranges_brings_the_right_bytes_or_fails_cleanly(
    releases: SignedFolder,
    fetcher: Fetcher,
    server: FileServer,
    lie: Callable[[Handler, bytes, int], None],
    since: tuple[int, ...],
) -> None:
    releases.publish(BUNDLE, 1, TREE, since=since)
    asked: set[str] = set()

    def mood(handler: Handler, data: bytes, begin: int) -> bool:
        if ".pack" not in handler.path and "/chunks/" not in handler.path:
            return False
        if handler.path not in asked:  # cut once, so that there is something to go on with
            asked.add(handler.path)
            handler.answer(200, data[: len(data) // 2], length=len(data))
            handler.close_connection = True
            return True
        if begin or lie in (short, short_and_content, garbled):
            lie(handler, data, begin)
            return True
        return False

    server.mood = mood
    try:
        fetcher.fetch(1)
        assert whole(fetcher)
    except (LineFailing, Damaged):
        assert not whole(fetcher)
    assert len(server.asked) < 80
    server.mood = None
    fetcher.fetch(1)
    assert whole(fetcher)


BAD = {
    "partition": Weather(partition=True),
    "half-open": Weather(swallow=True),
    "reset": Weather(cut_after=100, reset=True),
}


@pytest.mark.parametrize("kind", BAD)
def test_row_58_a_broken_line_is_tried_a_few_times_and_then_later(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer, kind: str
) -> None:
    releases.publish(BUNDLE, 1, {"a.html": FILM[:100]})
    fetcher.grace_s = 0.3
    with proxied(server.server_address[1]) as proxy:
        proxy.weather = BAD[kind]
        fetcher.url = proxy.url
        with pytest.raises(LineFailing):
            fetcher.fetch(1)
        assert proxy.opened <= 12
        proxy.weather = Weather()
        fetcher.grace_s = 20.0
        fetcher.fetch(1)


@pytest.mark.parametrize("weather", [Weather(loss=0.1), Weather(kbit=256)])
def test_row_58_a_thin_or_lossy_line_brings_everything_once(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer, weather: Weather
) -> None:
    releases.publish(BUNDLE, 1, {"a.html": FILM[:20_000]})
    with proxied(server.server_address[1]) as proxy:
        proxy.weather = weather
        fetcher.url = proxy.url
        _, brought = fetcher.fetch(1)
        assert proxy.down < 1.1 * (brought.single + 5000)
    assert fetcher.pauses == []
