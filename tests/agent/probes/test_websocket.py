"""The client's half of a websocket: any bytes, any pieces."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.websocket import CLOSE, LIMIT, PING, TEXT, Broken, Frames, Socket, frame

UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


def served(first: int, payload: bytes) -> bytes:
    """A frame as a server sends it: not masked."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    wide = size >= 65_536
    return bytes((first, 127 if wide else 126)) + size.to_bytes(8 if wide else 2, "big") + payload


def all_of(frames: Frames) -> list[tuple[int, bytes]]:
    return list(iter(frames.next, None))


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes_give_messages_or_broken(pieces: list[bytes]) -> None:
    frames = Frames()
    with contextlib.suppress(Broken):
        for piece in pieces:
            frames.feed(piece)
            all_of(frames)


@given(st.lists(st.binary(max_size=70_000), min_size=1, max_size=3), st.integers(1, 5000))
def test_whatever_the_pieces_the_messages_are_the_same(texts: list[bytes], size: int) -> None:
    wire = b"".join(served(0x81, text) for text in texts)
    frames = Frames()
    got = []
    for start in range(0, len(wire), size):
        frames.feed(wire[start : start + size])
        got += all_of(frames)
    assert got == [(TEXT, text) for text in texts]


@given(st.lists(st.binary(max_size=100), min_size=2, max_size=5))
def test_fragments_are_joined_and_a_ping_may_stand_between_them(parts: list[bytes]) -> None:
    frames = Frames()
    frames.feed(served(0x01, parts[0]))
    for part in parts[1:-1]:
        frames.feed(served(0x00, part) + served(0x80 | PING, b"?"))
    frames.feed(served(0x80, parts[-1]))
    assert [one for one in all_of(frames) if one[0] == TEXT] == [(TEXT, b"".join(parts))]


def test_a_frame_above_the_cap_is_refused_by_its_header_alone() -> None:
    frames = Frames()
    frames.feed(b"\x81\x7f" + (2**62).to_bytes(8, "big"))
    with pytest.raises(Broken):
        frames.next()


def test_fragments_that_add_up_above_the_cap_are_refused() -> None:
    frames = Frames()
    frames.feed(served(0x01, b"x" * LIMIT) + served(0x00, b"y"))
    with pytest.raises(Broken):
        frames.next()


@pytest.mark.parametrize("data", [b"\xc1\x00", b"\x81\x80", b"\x80\x00"])
def test_what_a_server_must_not_send_is_refused(data: bytes) -> None:
    frames = Frames()
    frames.feed(data)
    with pytest.raises(Broken):
        frames.next()


@given(st.binary(max_size=70_000))
def test_what_we_send_is_masked_and_says_its_length(payload: bytes) -> None:
    data = frame(TEXT, payload)
    assert data[0] == 0x81
    assert data[1] & 0x80
    assert data.endswith(b"\0\0\0\0" + payload)


@contextlib.contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError), listener.accept()[0] as client:
                client.recv(4096)
                talk(client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
    thread.join(5)


def test_a_ping_is_answered_and_the_next_text_is_given() -> None:
    heard = []

    def talk(client: socket.socket) -> None:
        client.sendall(UPGRADED + served(0x80 | PING, b"hi"))
        heard.append(client.recv(100))
        client.sendall(served(0x81, b"text"))
        client.recv(1)

    with server(talk) as port:
        link = Socket("127.0.0.1", port, "/", 2)
        assert link.receive(2) == b"text"
        link.close()
    assert heard == [frame(0xA, b"hi")]


def test_silence_is_none_and_a_close_is_broken() -> None:
    proceed = threading.Event()

    def talk(client: socket.socket) -> None:
        client.sendall(UPGRADED)
        proceed.wait(5)
        client.sendall(served(0x80 | CLOSE, b""))

    with server(talk) as port:
        link = Socket("127.0.0.1", port, "/", 2)
        assert link.receive(0.05) is None
        proceed.set()
        with pytest.raises(Broken):
            link.receive(2)
        link.close()


@pytest.mark.parametrize("answer", [b"HTTP/1.1 403 Forbidden\r\n\r\n", b"", b"x" * 20_000])
def test_who_refuses_the_handshake_is_broken(answer: bytes) -> None:
    with server(lambda client: client.sendall(answer)) as port, pytest.raises(Broken):
        Socket("127.0.0.1", port, "/", 2)
