"""The played line carries, breaks, hangs and returns, like a real one."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from provisioning.players.devices.device import DeviceLoop
from provisioning.players.devices.line import Line


@pytest.fixture
def far() -> Iterator[socket.socket]:
    """An echo at the far end."""
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_echo, args=(listener,), daemon=True).start()
    yield listener
    listener.close()


@pytest.fixture
def line(far: socket.socket) -> Iterator[Line]:
    loop = DeviceLoop()
    made = Line(loop, "127.0.0.1", far.getsockname()[1])
    yield made
    made.close()
    loop.close()


def test_it_carries_bytes_both_ways(line: Line) -> None:
    with _connect(line) as near:
        near.sendall(b"halo")
        assert near.recv(10) == b"halo"
    assert line.carried == 8


def test_a_cut_breaks_the_connection_and_refuses_new_ones(line: Line) -> None:
    with _connect(line) as near:
        near.sendall(b"halo")
        near.recv(10)
        line.kill()
        assert _broken(near)
    with pytest.raises(ConnectionRefusedError):
        _connect(line)


def test_it_carries_again_after_the_cut(line: Line) -> None:
    line.kill()
    line.start()
    with _connect(line) as near:
        near.sendall(b"lagi")
        assert near.recv(10) == b"lagi"


def test_a_half_open_line_tells_nobody(line: Line) -> None:
    with _connect(line) as near:
        near.sendall(b"a")
        near.recv(10)
        line.freeze()
        near.sendall(b"b")
        near.settimeout(0.3)
        with pytest.raises(TimeoutError):
            near.recv(10)
        line.thaw()
        near.settimeout(5)
        assert near.recv(10) == b"b"


def test_a_far_one_takes_its_time_both_ways_and_keeps_the_order(line: Line) -> None:
    line.delay_s = 0.1
    with _connect(line) as near:
        began = time.monotonic()
        near.sendall(b"a")
        near.sendall(b"b")
        heard = near.recv(1) + near.recv(1)
    assert heard == b"ab"
    assert time.monotonic() - began >= 0.2


def _broken(near: socket.socket) -> bool:
    try:
        return near.recv(10) == b""  # closed is as good as reset
    except ConnectionResetError:
        return True


def _connect(line: Line) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=5)


def _echo(listener: socket.socket) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(client,), daemon=True).start()


def _answer(client: socket.socket) -> None:
    with client:
        try:
            while data := client.recv(1000):
                client.sendall(data)
        except OSError:
            return
