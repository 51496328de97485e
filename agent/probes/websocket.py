"""The client's half of RFC 6455, as much as a debugging port on 127.0.0.1 needs.

It owns frames and the handshake, with a time limit on every wait and a cap on every message. Any
bytes give messages, "not yet" or Broken, nothing else. It never negotiates extensions and never
masks in earnest: the mask protects proxies, and there is none on a loopback address.
"""

import select
import time
from typing import Final

from agent.dial import dial

LIMIT: Final = 256 * 1024  # bytes a message
TEXT, CLOSE, PING, PONG, MORE = 0x1, 0x8, 0x9, 0xA, 0x0
_SHORT = 125


class Broken(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """The other side closed, or speaks something else. Connect anew."""


def frame(kind: int, payload: bytes) -> bytes:
    """One final, masked frame. The mask is zero, so the payload stays as it is."""
    size = len(payload)
    if size <= _SHORT:
        head = bytes((0x80 | kind, 0x80 | size))
    elif size < 65_536:
        head = bytes((0x80 | kind, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | kind, 0x80 | 127)) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


class Frames:
    """Bytes in, whole messages out."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._parts = bytearray()
        self._kind = 0

    def feed(self, data: bytes) -> None:
        self._bytes += data

    def next(self) -> tuple[int, bytes] | None:
        """The next whole (kind, payload), or None while more must come. Raises Broken."""
        while (one := self._frame()) is not None:
            first, payload = one
            kind = first & 0x0F
            if kind >= CLOSE:
                return kind, payload
            if kind == MORE and not self._kind:
                raise Broken("a continuation of nothing")
            self._kind = kind or self._kind
            self._parts += payload
            if len(self._parts) > LIMIT:
                raise Broken(f"a message of more than {LIMIT} bytes")
            if first & 0x80:
                whole, kind = bytes(self._parts), self._kind
                self._parts.clear()
                self._kind = 0
                return kind, whole
        return None

    def _frame(self) -> tuple[int, bytes] | None:
        data = self._bytes
        if len(data) < 2:
            return None
        if data[0] & 0x70 or data[1] & 0x80:
            raise Broken("not a server's frame")
        size, start = data[1], 2
        if size > _SHORT:
            start = 4 if size == 126 else 10
            size = int.from_bytes(data[2:start], "big")
        if len(data) >= start and size > LIMIT:
            raise Broken(f"a frame of {size} bytes")
        if len(data) < start + size:
            return None
        first, payload = data[0], bytes(data[start : start + size])
        del data[: start + size]
        return first, payload


class Socket:
    """One open websocket. `close` is always safe; everything else raises Broken or OSError."""

    def __init__(self, host: str, port: int, path: str, timeout_s: float) -> None:
        self._frames = Frames()
        self._link = dial(host, port, timeout_s)
        try:
            self._link.settimeout(timeout_s)
            self._shake_hands(host, port, path, time.monotonic() + timeout_s)
        except BaseException:
            self._link.close()
            raise

    def _shake_hands(self, host: str, port: int, path: str, deadline: float) -> None:
        self._link.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: YW5qdW5nYW4tcHJvYmUtMDE=\r\n\r\n".encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self._link.recv(4096)
            if not part or len(answer) > 16_384 or time.monotonic() > deadline:
                raise Broken("no websocket here")
            answer += part
        head, _, rest = answer.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise Broken("the browser refuses the websocket")
        self._frames.feed(rest)

    def send(self, text: bytes) -> None:
        self._link.sendall(frame(TEXT, text))

    def receive(self, timeout_s: float) -> bytes | None:
        """The next message, or None when none came in time (0: only what is already here)."""
        deadline = time.monotonic() + timeout_s
        while True:
            while (message := self._frames.next()) is not None:
                kind, payload = message
                if kind == CLOSE:
                    raise Broken("the browser closed the connection")
                if kind == PING:
                    self._link.sendall(frame(PONG, payload[:_SHORT]))
                elif kind == TEXT:
                    return payload
            if not self._wait(max(deadline - time.monotonic(), 0)):
                return None
            data = self._link.recv(65_536)
            if not data:
                raise Broken("the browser hung up")
            self._frames.feed(data)

    def _wait(self, left_s: float) -> bool:
        poll = select.poll()
        poll.register(self._link, select.POLLIN)
        return bool(poll.poll(left_s * 1000))

    def close(self) -> None:
        self._link.close()
