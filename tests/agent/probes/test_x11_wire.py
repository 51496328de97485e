"""The X protocol, against a real Xvfb and against servers that misbehave."""

import os
import signal
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.x11_wire import XConnection, XError, parse_setup, request
from agent.probes.xauthority import COOKIE, secret_for
from tests.support.xserver import XServer, xvfb


@pytest.fixture(scope="module")
def server() -> Iterator[XServer]:
    with xvfb() as running:
        yield running


def connect(display: str, secret: bytes = b"", timeout_s: float = 5.0) -> XConnection:
    return XConnection(f"/tmp/.X11-unix/X{display[1:]}", COOKIE, secret, timeout_s)


def test_the_greeting_tells_size_and_depth(server: XServer) -> None:
    x = connect(server.display)
    assert (x.width, x.height, x.depth, x.pixel) == (1280, 800, 24, 4)
    x.close()


def test_an_extension_that_is_not_there_has_no_number(server: XServer) -> None:
    x = connect(server.display)
    assert x.opcode("RANDR") >= 128
    assert x.opcode("NO-SUCH-THING") == 0
    x.close()


def test_a_refused_request_is_an_error_with_its_number(server: XServer) -> None:
    x = connect(server.display)
    with pytest.raises(XError, match="refused request 73 with error"):
        x.ask(request(73, 2, struct.pack("<IhhHHI", x.root, 5000, 0, 1, 1, 1)))
    x.close()


def test_events_nobody_asked_for_are_passed_over(server: XServer) -> None:
    x = connect(server.display)
    # A changed keyboard map is told to every client.
    server.run("xmodmap", "-e", "keycode 200 = F20")
    assert x.opcode("RANDR") >= 128
    x.close()


def test_a_stopped_server_is_a_timeout(server: XServer) -> None:
    x = connect(server.display)
    x._socket.settimeout(0.2)
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        with pytest.raises(TimeoutError):
            x.opcode("RANDR")
        with pytest.raises(TimeoutError):
            connect(server.display, timeout_s=0.2)
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    x.close()


def test_a_killed_server_is_an_error_and_not_our_end() -> None:
    with xvfb() as server:
        x = connect(server.display)
        server.process.kill()
        server.process.wait()
        with pytest.raises(OSError, match=r"closed|pipe|reset"):
            x.opcode("RANDR")
        x.close()


def test_a_server_with_a_secret_lets_in_who_knows_it(tmp_path: Path) -> None:
    auth = tmp_path / "auth"
    secret = "00112233445566778899aabbccddeeff"
    subprocess.run(["xauth", "-q", "-f", str(auth), "add", ":0", ".", secret], check=True)
    with xvfb("-auth", str(auth)) as server:
        connect(server.display, secret_for(auth.read_bytes(), 0)).close()
        with pytest.raises(XError, match="does not let the agent in"):
            connect(server.display, b"x" * 16)


def answering(path: Path, answer: bytes) -> threading.Thread:
    """A server of one connection that says the same whatever it is asked."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        with listener, listener.accept()[0] as client:
            client.recv(1000)
            client.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x01" + bytes(7),
        b"\x00\xffno",
        b"\x02" + bytes(5) + b"\x01\x00why?",
    ],
)
def test_a_server_that_is_none_is_an_error(tmp_path: Path, answer: bytes) -> None:
    thread = answering(tmp_path / "X0", answer)
    with pytest.raises(XError):
        XConnection(str(tmp_path / "X0"), b"", b"", 5.0)
    thread.join(5)


@given(st.binary(max_size=300))
def test_any_greeting_is_a_screen_or_an_error(body: bytes) -> None:
    try:
        root, width, height, depth, pixel = parse_setup(body)
    except XError:
        return
    assert min(root, width, height, depth) >= 0
    assert pixel >= 1


@given(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=50))
def test_a_request_says_its_own_length(opcode: int, detail: int, body: bytes) -> None:
    made = request(opcode, detail, body)
    assert len(made) == 4 * struct.unpack_from("<H", made, 2)[0]
