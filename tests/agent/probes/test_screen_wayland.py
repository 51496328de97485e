"""The screen of a real sway without hardware, and of a played compositor for what it cannot do."""

import contextlib
import os
import signal
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.screen_wayland import Output, WaylandScreen, announced, describe
from agent.probes.wayland_wire import Event, WaylandError, take
from tests.support.sway import Sway, sway
from tests.support.wait import until


@pytest.fixture(scope="module")
def compositor() -> Iterator[Sway]:
    with sway() as running:
        screen = WaylandScreen(running.socket)
        until(lambda: screen.look(sample=False).width, within_s=10)
        yield running


def colour(compositor: Sway, rgb: str) -> None:
    compositor.command("output", "*", "bg", rgb, "solid_color")


def digest(screen: WaylandScreen) -> str:
    picture = screen.look(sample=True).picture
    return picture.digest if picture else ""


def test_a_running_output_is_connected_and_lit_in_its_size(compositor: Sway) -> None:
    look = WaylandScreen(compositor.socket).look(sample=False)
    assert look == ("wayland", True, True, 1280, 720, None)


def test_a_desktop_of_one_colour_is_no_picture_and_a_new_colour_another(
    compositor: Sway,
) -> None:
    screen = WaylandScreen(compositor.socket)
    colour(compositor, "#336699")
    before = digest(screen)
    colour(compositor, "#993366")
    assert until(lambda: digest(screen) not in ("", before), within_s=10)
    picture = screen.look(sample=True).picture
    assert picture
    assert picture.black


def test_a_turned_screen_has_the_size_people_see(compositor: Sway) -> None:
    screen = WaylandScreen(compositor.socket)
    compositor.command("output", "*", "transform", "90")
    until(lambda: screen.look(sample=False)[3:5] == (720, 1280), within_s=5)
    compositor.command("output", "*", "transform", "normal")
    until(lambda: screen.look(sample=False)[3:5] == (1280, 720), within_s=5)


def test_an_output_that_is_not_shown_to_clients_is_dark(compositor: Sway) -> None:
    look = WaylandScreen(compositor.socket, "HDMI-A-1").look(sample=True)
    assert (look.connected, look.lit) == (None, False)


def test_a_stopped_compositor_is_a_timeout(compositor: Sway) -> None:
    os.kill(compositor.process.pid, signal.SIGSTOP)
    try:
        with pytest.raises(TimeoutError):
            WaylandScreen(compositor.socket, timeout_s=0.2).look(sample=True)
    finally:
        os.kill(compositor.process.pid, signal.SIGCONT)


GLOBALS = ("wl_output", "zwlr_output_power_manager_v1")


class PlayedCompositor:
    """One output of 800x600 whose power is as told: what sway cannot play without hardware."""

    def __init__(self, path: Path, *, powered: bool) -> None:
        self._mode = int(powered)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._thread.join(5)
        self._listener.close()

    def _serve(self) -> None:
        client, _ = self._listener.accept()
        buffer = b""
        with client, contextlib.suppress(ConnectionError):
            while data := client.recv(4096):
                buffer += data
                while split := take(buffer):
                    request, buffer = split
                    client.sendall(self._answer(request))

    def _answer(self, request: Event) -> bytes:
        if request.sender == 1 and request.opcode == 0:
            return _event(request.numbers(0)[0], 0, bytes(4))
        if request.sender == 1:
            names = enumerate(GLOBALS)
            return b"".join(_event(2, 0, _global(n, interface)) for n, interface in names)
        if request.sender == 2:
            new = request.numbers(len(request.body) // 4 - 1)[0]
            output = request.numbers(0)[0] == 0
            return _event(new, 1, struct.pack("<4I", 1, 800, 600, 60)) if output else b""
        return _event(request.numbers(0)[0], 0, struct.pack("<I", self._mode))


def _event(sender: int, opcode: int, body: bytes) -> bytes:
    return struct.pack("<IHH", sender, opcode, 8 + len(body)) + body


def _global(name: int, interface: str) -> bytes:
    text = interface.encode() + b"\0"
    padded = text + bytes(-len(text) % 4)
    return struct.pack("<II", name, len(text)) + padded + struct.pack("<I", 4)


@pytest.mark.parametrize("powered", [True, False])
def test_power_is_told_by_a_compositor_that_knows_it(
    tmp_path: Path,
    powered: bool,  # noqa: FBT001
) -> None:
    played = PlayedCompositor(tmp_path / "wayland-0", powered=powered)
    look = WaylandScreen(tmp_path / "wayland-0").look(sample=True)
    played.close()
    assert look == ("wayland", True, powered, 800, 600, None)


EVENTS = st.lists(
    st.builds(Event, st.just(2), st.integers(0, 5), st.binary(max_size=60)), max_size=5
)


@given(EVENTS)
def test_any_events_are_understood_or_an_error_of_the_compositor(events: list[Event]) -> None:
    with contextlib.suppress(WaylandError):
        assert all(g.version >= 0 for g in announced(events, 2))
    with contextlib.suppress(WaylandError):
        assert isinstance(describe(2, events), Output)
