"""One HTTP question over a plain socket: what a probe needs of HTTP and nothing more.

It owns the time limit of the whole exchange (a device that drips a byte a second gets no more of
it than a silent one) and the cap on what is read. It never follows, never keeps a connection,
never speaks TLS. `http.client` would cost the agent over two MiB for the same two answers.
"""

import socket
import time
from typing import Final, NamedTuple

from agent.dial import dial

LIMIT: Final = 256 * 1024  # bytes; the largest honest answer seen was 20 KiB


class NotHttp(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """Whoever listens there answered, but not with HTTP. The address is likely wrong."""


class Answer(NamedTuple):
    status: int
    body: bytes


def get(host: str, port: int, path: str, timeout_s: float) -> Answer:
    """GET one small document. Raises OSError (TimeoutError when time is up) or NotHttp."""
    return _exchange((host, port), f"GET {path}", b"", timeout_s)


def post(host: str, port: int, path: str, body: bytes, *, kind: str, timeout_s: float) -> Answer:
    """POST `body` as media type `kind`. Raises OSError (TimeoutError) or NotHttp."""
    head = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return _exchange((host, port), f"POST {path}", head + body, timeout_s)


def _exchange(place: tuple[str, int], line: str, rest: bytes, timeout_s: float) -> Answer:
    deadline = time.monotonic() + timeout_s
    with dial(*place, timeout_s) as link:
        head = f"{line} HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\nConnection: close\r\n"
        link.sendall(head.encode() + (rest or b"\r\n"))
        return _read(link, deadline)


def _read(link: socket.socket, deadline: float) -> Answer:
    data, answer = bytearray(), None
    while answer is None:
        link.settimeout(max(deadline - time.monotonic(), 0.001))
        part = link.recv(16_384)
        if time.monotonic() > deadline:
            raise TimeoutError("the answer took too long")
        data += part
        answer = parse(bytes(data), closed=not part)
        if len(data) > LIMIT:
            raise NotHttp(f"the answer is longer than {LIMIT} bytes")
    return answer


def parse(data: bytes, *, closed: bool) -> Answer | None:
    """The answer, or None while more must come. Raises NotHttp for anything else."""
    head, found, rest = data.partition(b"\r\n\r\n")
    if not found:
        if closed or data[:5] != b"HTTP/"[: len(data)]:
            raise NotHttp("no HTTP answer")
        return None
    status = _status(head)
    if 100 <= status < 200:  # `100 Continue`: the answer proper follows
        return parse(rest, closed=closed)
    body = _body(head.lower(), rest, closed=closed)
    return None if body is None else Answer(status, body)


def _status(head: bytes) -> int:
    words = head.split(b"\r\n", 1)[0].split(None, 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
        raise NotHttp("no HTTP status line")
    return int(words[1][:4])


def _body(head: bytes, rest: bytes, *, closed: bool) -> bytes | None:
    if _header(head, b"transfer-encoding") == b"chunked":
        return _unchunk(rest, closed=closed)
    length = _header(head, b"content-length")
    if not length.isdigit() or len(length) > 9:
        return rest if closed else None
    if len(rest) >= int(length):
        return rest[: int(length)]
    if closed:
        raise NotHttp("the answer was cut short")
    return None


def _header(head: bytes, name: bytes) -> bytes:
    _, found, tail = head.partition(b"\r\n" + name + b":")
    return tail.split(b"\r\n", 1)[0].strip() if found else b""


def _unchunk(rest: bytes, *, closed: bool) -> bytes | None:
    body, place = bytearray(), 0
    while True:
        end = rest.find(b"\r\n", place)
        if end < 0:
            break
        try:
            size = int(rest[place:end].split(b";")[0], 16)
        except ValueError:
            raise NotHttp("a chunk without a size") from None
        if size == 0:
            return bytes(body)
        place = end + 2 + size + 2
        if size < 0 or place > len(rest):
            break
        body += rest[end + 2 : end + 2 + size]
    if closed:
        raise NotHttp("the answer was cut short")
    return None
