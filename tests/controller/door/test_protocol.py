"""Who speaks slowly is cut off; real sockets, a real server."""

import socket
import ssl
import time
from contextlib import closing

import pytest

from tests.support.door import BuildDoor, Door
from tests.support.wait import until
from wire import door as paths

REQUEST_S = 1.5
HEAD = b"POST /v1/enrol HTTP/1.1\r\nHost: door\r\nContent-Length: 500\r\n\r\n"


@pytest.fixture
def impatient(sqlite_url: str, build_door: BuildDoor) -> Door:
    return build_door(sqlite_url, request_s=REQUEST_S, handshake_s=REQUEST_S)


def connect(door: Door) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(door.ca_file))
    raw = socket.create_connection(("127.0.0.1", door.port), timeout=30)
    return context.wrap_socket(raw, server_hostname="localhost")


def ended(line: socket.socket) -> float:
    """Seconds until the other side hung up."""
    start = time.monotonic()
    try:
        while line.recv(4096):
            pass
    except (ConnectionResetError, ssl.SSLError):
        pass
    return time.monotonic() - start


@pytest.mark.parametrize("said", [b"", b"GET /v1/time HTT", HEAD, HEAD + b"{"])
def test_a_request_that_does_not_come_is_not_waited_for(impatient: Door, said: bytes) -> None:
    with closing(connect(impatient)) as line:
        line.sendall(said)
        assert REQUEST_S * 0.5 < ended(line) < 20


def test_a_header_at_a_time_does_not_buy_more_time(impatient: Door) -> None:
    with closing(connect(impatient)) as line:
        start, sent = time.monotonic(), 0
        line.sendall(b"GET /v1/time HTTP/1.1\r\n")
        line.settimeout(0.2)

        def cut() -> bool:
            nonlocal sent
            try:
                line.sendall(b"X-%d: y\r\n" % sent)
                sent += 1
                return not line.recv(1)
            except TimeoutError:
                return False
            except OSError:
                return True

        until(cut, 30)
    assert sent > 3
    assert time.monotonic() - start < 20


def test_a_second_request_on_the_same_line_has_the_same_limit(impatient: Door) -> None:
    with closing(connect(impatient)) as line:
        line.sendall(b"GET /v1/time HTTP/1.1\r\nHost: door\r\n\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
        line.sendall(b"GET /v1/ti")
        assert ended(line) < 20


def test_a_handshake_that_does_not_come_is_not_waited_for(impatient: Door) -> None:
    with closing(socket.create_connection(("127.0.0.1", impatient.port), timeout=30)) as line:
        assert ended(line) < 20


def test_who_waits_for_the_warden_is_not_slow(sqlite_url: str, build_door: BuildDoor) -> None:
    door = build_door(sqlite_url, request_s=0.5, wait_s=2.5)
    caller = door.caller()
    answer = caller.enrol(door.invite(caller.name))
    assert (answer.status_code, answer.json()["code"]) == (202, "signing")
    assert answer.headers["retry-after"] == "2"


def test_many_who_say_nothing_do_not_keep_others_out(impatient: Door) -> None:
    lines = [connect(impatient) for _ in range(40)]
    with impatient.client() as client:
        assert client.get(paths.TIME_PATH).status_code == 200
    for line in lines:
        line.close()
