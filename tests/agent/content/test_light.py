"""Proof of light from a real browser."""

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.actions.page import Place, Said
from agent.content.health import Unwell
from agent.content.light import Light, is_plain
from agent.content.stop import Stop
from portal.server import PortalServer
from tests.portal.test_content import put, words
from tests.support.child import free_port
from tests.support.chromium import RealChromium
from tests.support.installing import portal_of

until = Stop().until


def png(rows: list[bytes], kind: int = 2) -> bytes:
    """Of pixels (3 bytes each, 4 for kind 6), each row with its filter byte in front."""
    wide = (len(rows[0]) - 1) // (3 if kind == 2 else 4)

    def piece(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + b"\0\0\0\0"

    head = struct.pack(">IIBBBBB", wide, len(rows), 8, kind, 0, 0, 0)
    body = zlib.compress(b"".join(rows))
    parts = (piece(b"IHDR", head), piece(b"IDAT", body), piece(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_one_colour_is_plain_whatever_filter_was_used() -> None:
    white = b"\xff\xff\xff" * 8
    assert is_plain(png([b"\0" + white] * 4))
    assert is_plain(png([b"\0" + white, b"\2" + bytes(24), b"\2" + bytes(24)]))
    assert is_plain(png([b"\1" + b"\xff\xff\xff" + bytes(21)] * 2))


def test_a_picture_with_something_on_it_is_not() -> None:
    row = b"\0" + b"\xff\xff\xff" * 7 + b"\0\0\0"
    assert not is_plain(png([row] * 4))
    assert not is_plain(png([b"\4" + bytes(range(24))] * 3))


@given(noise=st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_refused(noise: bytes) -> None:
    for bytes_ in (noise, b"\x89PNG\r\n\x1a\n" + noise):
        with pytest.raises(Said):
            is_plain(bytes_)


def test_a_browser_that_is_not_there_gives_no_light() -> None:
    light = Light(Place(free_port(), "http://127.0.0.1/"))
    assert not light.is_there()
    with pytest.raises(Unwell) as found:
        light.prove(1, until, 0)
    assert found.value.code == "browser_silent"


class Screen:
    """A portal with content, and a browser in front of it."""

    def __init__(self, folder: Path, portal: PortalServer, browser: RealChromium) -> None:
        self.folder = folder
        self.portal = portal
        self.light = Light(Place(browser.port, f"http://127.0.0.1:{portal.server_port}/"))

    def why_not(self, seq: int, within_s: float) -> str:
        with pytest.raises(Unwell) as found:
            self.light.prove(seq, until, within_s)
        return found.value.code


@pytest.fixture
def screen(tmp_path: Path, chromium: Callable[[str], RealChromium]) -> Iterator[Screen]:
    put(tmp_path, 1, {"content.json": words("Satu")})
    with portal_of(tmp_path) as portal:
        yield Screen(tmp_path, portal, chromium(f"http://127.0.0.1:{portal.server_port}/"))


def test_row_23_the_browser_itself_shows_whether_a_release_is_seen(screen: Screen) -> None:
    screen.light.prove(1, until, 60)
    assert screen.light.is_there()
    assert screen.why_not(2, 0) == "page_other"
    hidden = b"html { background: white !important } body { display: none !important }"
    put(screen.folder, 2, {"content.json": words("Dua", look="a.css"), "a.css": hidden})
    until(lambda: screen.why_not(2, 0) == "page_blank", 30)
    assert screen.why_not(2, 1) == "page_blank"
    white = b"body * { color: white !important; background: white !important; border: 0 !important;"
    white += b"stroke: white !important } html, body { background: white !important }"
    put(screen.folder, 3, {"content.json": words("Tiga", look="a.css"), "a.css": white})
    until(lambda: screen.why_not(3, 0) == "page_blank", 30)
    put(screen.folder, 4, {"content.json": words("Empat", banner="a.png"), "a.png": b"no picture"})
    until(lambda: screen.why_not(4, 0) == "page_broken", 30)
    put(screen.folder, 5, {"content.json": words("Lima")})
    screen.light.prove(5, until, 60)
