"""The screen of a real X server: Xvfb for pictures, Xorg's dummy driver for outputs."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.screen_look import NoScreen
from agent.probes.screen_x11 import (
    Area,
    Output,
    X11Screen,
    parse_crtc,
    parse_output,
    parse_resources,
    pick,
)
from agent.probes.x11_wire import XError
from tests.support.xserver import XServer, xorg_dummy, xvfb

PATTERN = ("xsetroot", "-mod", "8", "8", "-fg", "white", "-bg", "blue")


@pytest.fixture(scope="module")
def server() -> Iterator[XServer]:
    with xvfb() as running:
        yield running


@pytest.fixture
def screen(server: XServer) -> Iterator[X11Screen]:
    screen = X11Screen(server.display)
    yield screen
    screen.close()


@pytest.fixture
def outputs(tmp_path: Path) -> Iterator[XServer]:
    with xorg_dummy(tmp_path) as running:
        yield running


def test_an_empty_screen_is_connected_lit_and_black(server: XServer, screen: X11Screen) -> None:
    server.run("xsetroot", "-solid", "black")
    look = screen.look(sample=True)
    assert look[:5] == ("x11", True, True, 1280, 800)
    assert look.picture
    assert look.picture.black


def test_a_pattern_is_a_picture_and_stays_the_same(server: XServer, screen: X11Screen) -> None:
    server.run(*PATTERN)
    one, two = screen.look(sample=True).picture, screen.look(sample=True).picture
    assert one == two
    assert one
    assert not one.black


def test_a_changed_picture_has_another_digest(server: XServer, screen: X11Screen) -> None:
    server.run(*PATTERN)
    before = screen.look(sample=True).picture
    server.run(*PATTERN[:-1], "red")
    assert screen.look(sample=True).picture != before


def test_no_pixels_are_taken_unless_asked_for(screen: X11Screen) -> None:
    assert screen.look(sample=False).picture is None


def test_a_screen_saver_makes_it_dark_until_it_ends(server: XServer, screen: X11Screen) -> None:
    server.run("xset", "s", "activate")
    look = screen.look(sample=True)
    assert (look.lit, look.picture) == (False, None)
    server.run("xset", "s", "reset")
    assert screen.look(sample=False).lit


def test_an_output_switched_off_is_dark_and_on_again_lit(outputs: XServer) -> None:
    screen = X11Screen(outputs.display)
    assert screen.look(sample=True)[1:5] == (True, True, 1024, 768)
    outputs.run("xrandr", "--output", "DUMMY0", "--off")
    assert screen.look(sample=True) == ("x11", True, False, None, None, None)
    outputs.run("xrandr", "--output", "DUMMY0", "--mode", "1280x720")
    assert screen.look(sample=True)[1:5] == (True, True, 1280, 720)
    screen.close()


def test_a_named_output_without_a_screen_is_disconnected(outputs: XServer) -> None:
    screen = X11Screen(outputs.display, output="DUMMY1")
    assert screen.look(sample=True)[1:3] == (False, False)
    screen.close()


def test_a_server_that_went_away_and_came_back_is_found_again(tmp_path: Path) -> None:
    with xvfb() as first:
        (tmp_path / "X5").symlink_to(f"/tmp/.X11-unix/X{first.display[1:]}")
        screen = X11Screen(":5", sockets=tmp_path)
        assert screen.look(sample=True).lit
    for _ in range(2):
        with pytest.raises(OSError, match=r"closed|pipe|reset|No such|refused"):
            screen.look(sample=True)
    with xvfb() as second:
        (tmp_path / "X5").unlink()
        (tmp_path / "X5").symlink_to(f"/tmp/.X11-unix/X{second.display[1:]}")
        assert screen.look(sample=True).lit
        screen.close()


def test_a_server_that_stays_away_costs_no_file_handles(tmp_path: Path) -> None:
    screen = X11Screen(":5", sockets=tmp_path)
    errors: list[OSError] = []  # kept, so that only closing can free the handles
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with pytest.raises(FileNotFoundError) as caught:
            screen.look(sample=True)
        errors.append(caught.value)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("display", ["", "0", "far.away:0", ":", ":1.", "/run/x", ":0\n"])
def test_what_is_no_local_display_is_refused(display: str) -> None:
    with pytest.raises(ValueError, match="no display of this machine"):
        X11Screen(display)


def test_the_output_that_shows_the_most_is_told_of() -> None:
    off = Output("HDMI-1", connected=True, crtc=0)
    on = Output("HDMI-2", connected=True, crtc=7)
    unplugged = Output("DP-1", connected=False, crtc=9)
    assert pick([unplugged, off, on], "") == on
    assert pick([unplugged, off], "") == off
    assert pick([on], "VGA-1") == Output("VGA-1", connected=False, crtc=0)
    with pytest.raises(NoScreen):
        pick([], "")


def test_a_crtc_without_mode_is_off() -> None:
    assert parse_crtc(bytes(12) + struct.pack("<hhHHI", 5, 6, 800, 600, 0)) is None
    assert parse_crtc(bytes(12) + struct.pack("<hhHHI", 5, 6, 800, 600, 3)) == Area(5, 6, 800, 600)


@given(st.binary(max_size=120))
def test_any_reply_is_understood_or_an_error_of_the_server(reply: bytes) -> None:
    for parse in (parse_resources, parse_output, parse_crtc):
        try:
            parse(reply)
        except XError:
            continue
