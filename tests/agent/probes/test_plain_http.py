"""One HTTP question, whatever the other side says."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes import plain_http
from agent.probes.plain_http import Answer, NotHttp, parse

OK = b"HTTP/1.1 200 OK\r\n"


@contextlib.contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """One client, treated by `talk`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError), listener.accept()[0] as client:
                talk(client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
    thread.join(5)


def swallow(client: socket.socket) -> None:
    while client.recv(1_000):
        pass


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_give_an_answer_nothing_yet_or_the_documented_error(
    data: bytes,
    closed: bool,  # noqa: FBT001 - hypothesis draws it
) -> None:
    for start in (b"", OK, OK + b"Transfer-Encoding: chunked\r\n\r\n", b"HTTP/1.1 100 C\r\n\r\n"):
        with contextlib.suppress(NotHttp):
            answer = parse(start + data, closed=closed)
            assert answer is not None or not closed


@given(st.binary(max_size=200), st.integers(1, 400))
def test_an_answer_in_pieces_is_the_answer_in_one(body: bytes, cut: int) -> None:
    whole = OK + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    if cut < len(whole):
        assert parse(whole[:cut], closed=False) is None
    assert parse(whole, closed=False) == Answer(200, body)


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=5))
def test_chunks_are_put_together(parts: list[bytes]) -> None:
    chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts)
    whole = OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    assert parse(whole, closed=False) == Answer(200, b"".join(parts))


def test_a_continue_before_the_answer_is_stepped_over() -> None:
    data = b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nhi"
    assert parse(data, closed=False) == Answer(200, b"hi")


def test_without_a_length_the_end_of_the_connection_ends_the_answer() -> None:
    assert parse(OK + b"\r\nhi", closed=False) is None
    assert parse(OK + b"\r\nhi", closed=True) == Answer(200, b"hi")


def test_an_answer_that_is_cut_short_is_refused() -> None:
    with pytest.raises(NotHttp):
        parse(OK + b"Content-Length: 5\r\n\r\nhi", closed=True)


def test_who_drips_a_byte_at_a_time_gets_no_more_time_than_who_is_silent() -> None:
    def drip(client: socket.socket) -> None:
        client.sendall(OK)
        while True:
            client.sendall(b"a")
            time.sleep(0.02)  # the dripping itself, not a wait for anything

    with server(drip) as port:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            plain_http.get("127.0.0.1", port, "/", 0.3)
        assert time.monotonic() - began < 10


def test_who_never_stops_talking_is_cut_off_at_the_cap() -> None:
    def flood(client: socket.socket) -> None:
        client.sendall(OK + b"\r\n")
        while True:
            client.sendall(b"x" * 65_536)

    with server(flood) as port, pytest.raises(NotHttp, match="longer"):
        plain_http.get("127.0.0.1", port, "/", 20)


def test_who_speaks_something_else_is_named_so() -> None:
    def greet(client: socket.socket) -> None:
        client.sendall(b"220 smtp ready\r\n")

    with server(greet) as port, pytest.raises(NotHttp):
        plain_http.get("127.0.0.1", port, "/", 20)


def test_silence_is_a_timeout() -> None:
    with server(swallow) as port, pytest.raises(TimeoutError):
        plain_http.get("127.0.0.1", port, "/", 0.2)
