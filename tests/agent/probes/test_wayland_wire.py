"""The Wayland protocol, byte by byte; the real compositor is in test_screen_wayland."""

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.wayland_wire import Event, WaylandConnection, WaylandError, take


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[tuple[WaylandConnection, socket.socket]]:
    """A connection and the compositor's end of it."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "wayland-0"))
        listener.listen()
        wire = WaylandConnection(str(tmp_path / "wayland-0"), 0.2)
        compositor, _ = listener.accept()
        with compositor:
            yield wire, compositor
        wire.close()


def event(sender: int, opcode: int, body: bytes = b"") -> bytes:
    return struct.pack("<IHH", sender, opcode, 8 + len(body)) + body


def test_texts_and_numbers_arrive_as_the_protocol_wants_them(
    ends: tuple[WaylandConnection, socket.socket],
) -> None:
    wire, compositor = ends
    wire.send(2, 0, 7, b"wl_shm", -1)
    sent = compositor.recv(100)
    assert sent == event(2, 0, struct.pack("<II8sI", 7, 7, b"wl_shm", 0xFFFFFFFF))
    assert take(sent) == (Event(2, 0, sent[8:]), b"")
    assert Event(2, 0, sent[8:]).text(1) == "wl_shm"


def test_events_up_to_the_awaited_one_are_returned_in_order(
    ends: tuple[WaylandConnection, socket.socket],
) -> None:
    wire, compositor = ends
    compositor.sendall(event(9, 1) + event(2, 0)[:5])
    compositor.sendall(event(2, 0)[5:] + event(9, 2))
    assert [e.sender for e in wire.until(2, 0)] == [9, 2]


def test_an_error_of_the_compositor_is_told_with_its_words(
    ends: tuple[WaylandConnection, socket.socket],
) -> None:
    wire, compositor = ends
    compositor.sendall(event(1, 0, struct.pack("<III8s", 1, 3, 7, b"no way")))
    with pytest.raises(WaylandError, match="no way"):
        wire.round_trip()


def test_a_silent_compositor_is_a_timeout(ends: tuple[WaylandConnection, socket.socket]) -> None:
    with pytest.raises(TimeoutError):
        ends[0].round_trip()


def test_a_compositor_that_leaves_is_an_error(
    ends: tuple[WaylandConnection, socket.socket],
) -> None:
    ends[1].shutdown(socket.SHUT_WR)
    with pytest.raises(WaylandError, match="closed"):
        ends[0].round_trip()


def test_no_compositor_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        WaylandConnection(str(tmp_path / "wayland-0"), 0.2)


@given(st.binary(max_size=100))
def test_any_bytes_are_an_event_or_not_yet_or_an_error(data: bytes) -> None:
    try:
        split = take(data)
    except WaylandError:
        return
    assert split is None or len(split[0].body) + 8 + len(split[1]) == len(data)


@given(st.binary(max_size=30), st.integers(0, 6))
def test_any_event_has_the_arguments_or_is_an_error(body: bytes, place: int) -> None:
    try:
        assert isinstance(Event(1, 0, body).text(place), str)
    except WaylandError:
        assert len(body) < 4 * (place + 1)
