"""A few words of MQTT 5 over TLS, spoken by hand: enough to ask a broker whom it lets do what.

No client library, because only the two links know one, and because a library would try again where
the first answer is what we want to know. Never leaves a session behind.
"""

import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP, DISCONNECT = 0x20, 0x30, 0x40, 0x90, 0xD0, 0xE0
NOT_AUTHORIZED = 0x87


class Door(NamedTuple):
    """Where to knock, and with which certificate. The name is checked as `localhost`."""

    host: str
    port: int
    context: ssl.SSLContext


class Hung(OSError):  # noqa: N818 - what happened
    """The broker ended the conversation, or did not say what it had to."""


class Line:
    """One connection. Raises OSError (TLS refusals are ssl.SSLError) at every step."""

    def __init__(self, door: Door, client_id: str, timeout_s: float = 5.0) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._buffer = b""
        self._number = 0
        plain = socket.create_connection((door.host, door.port), timeout_s)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket = door.context.wrap_socket(plain, server_hostname="localhost")
        except OSError:
            plain.close()
            raise
        try:
            # Clean start and no expiry: taken over is ended, and nothing stays.
            name = client_id.encode()
            self._send(0x10, b"\x00\x04MQTT\x05\x02\x00\x0a\x00" + _string(name))
            answer = self._wait(CONNACK)
            if answer[1]:
                raise Hung(f"the broker answered 0x{answer[1]:02x}")
        except OSError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def subscribe(self, filters: Iterable[str]) -> None:
        """At QoS 0. Being granted says nothing: Mosquitto refuses when it delivers."""
        wanted = b"".join(_string(one.encode()) + b"\x00" for one in filters)
        self._send(0x82, self._next() + b"\x00" + wanted)
        self._wait(SUBACK)

    def publish(self, topic: str, payload: bytes = b"") -> int:
        """At QoS 1; the broker's reason code: 0 and 0x10 are a yes."""
        self._send(0x32, _string(topic.encode()) + self._next() + b"\x00" + payload)
        answer = self._wait(PUBACK)
        return answer[2] if len(answer) > 2 else 0

    def ping(self) -> None:
        """Everything sent to us before has been heard when this returns."""
        self._send(0xC0, b"")
        self._wait(PINGRESP)

    def listen(self) -> None:
        """One packet more."""
        self._take(*self._packet())

    def close(self) -> None:
        with suppress(OSError):
            self._send(DISCONNECT, b"")
        self._socket.close()

    def _next(self) -> bytes:
        self._number += 1
        return self._number.to_bytes(2, "big")

    def _send(self, kind: int, body: bytes) -> None:
        self._socket.sendall(bytes((kind,)) + _varint(len(body)) + body)

    def _wait(self, kind: int) -> bytes:
        while True:
            got, body = self._packet()
            if got & 0xF0 == kind:
                return body
            self._take(got, body)

    def _take(self, kind: int, body: bytes) -> None:
        if kind & 0xF0 == PUBLISH and len(body) >= 2:
            end = 2 + int.from_bytes(body[:2], "big")
            self.heard.append((body[2:end].decode("utf-8", "replace"), body[end:]))
        elif kind & 0xF0 == DISCONNECT:
            raise Hung(f"the broker hung up: 0x{body[0] if body else 0:02x}")

    def _packet(self) -> tuple[int, bytes]:
        kind = self._exactly(1)[0]
        size = shift = 0
        while True:
            byte = self._exactly(1)[0]
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                return kind, self._exactly(size)

    def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            more = self._socket.recv(65_536)
            if not more:
                raise Hung("the broker closed the connection")
            self._buffer += more
        got, self._buffer = self._buffer[:count], self._buffer[count:]
        return got


def _string(text: bytes) -> bytes:
    return len(text).to_bytes(2, "big") + text


def _varint(number: int) -> bytes:
    out = b""
    while True:
        number, low = number >> 7, number & 0x7F
        if not number:
            return out + bytes((low,))
        out += bytes((low | 0x80,))
