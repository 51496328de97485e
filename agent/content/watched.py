"""An HTTP connection whose every byte is counted, and that is given up when it is too slow.

Owns the socket. The pace is measured where bytes come out of it, headers and all: a server that
sends its headers drop by drop is as slow as one that does so with the body.
"""

import http.client
import io
import socket
import ssl
from collections.abc import Callable
from typing import Any, Final

from agent.content.meter import Meter

CONNECT_S: Final = 20.0
MOST_HEAD: Final = 256 * 1024  # a buffer of the body's beginning may be among it
_BUFFER: Final = 64 * 1024


class TooSlow(OSError):  # noqa: N818 - says what happened
    """Fewer bytes over the agreed time than the least."""


class TooLong(OSError):  # noqa: N818
    """An answer that is longer than what was asked for can be, whatever it is made of."""


class Tally:
    """What has crossed the line: bytes both ways (without those of TLS and below), requests."""

    def __init__(self, meter: Meter | None) -> None:
        self._meter = meter
        self.bytes = 0
        self.requests = 0

    def count(self, size: int) -> None:
        self.bytes += size
        if self._meter:
            self._meter.count(size)


class Pace:
    """At least `least` bytes a second over every `grace_s` of waiting; 0: only no silence."""

    def __init__(self, least: float, grace_s: float, monotonic: Callable[[], float]) -> None:
        self.grace_s = grace_s
        self._least, self._monotonic = least, monotonic
        self.begin()

    def begin(self) -> None:
        """A question was asked: time runs."""
        self._since, self._came = self._monotonic(), 0

    def came(self, size: int) -> None:
        """Raises TooSlow."""
        self._came += size
        lasted = self._monotonic() - self._since
        if lasted < self.grace_s:
            return
        if self._came < self._least * lasted:
            raise TooSlow(f"{self._came} bytes in {lasted:.0f} s")
        self.begin()


class _Incoming(io.RawIOBase):
    """The bytes of a socket, as the response reads them.

    Over the socket's own file, which keeps it open: for an answer that ends with its connection,
    http.client closes the socket before it reads the body. `left`: how much may still come of this
    answer; it would read headers, words to wait, and what stands between pieces, without an end.
    """

    def __init__(self, sock: socket.socket, pace: Pace, tally: Tally) -> None:
        self._file = sock.makefile("rb", buffering=0)
        self._pace, self._tally = pace, tally
        self.left = MOST_HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = self._file.readinto(buffer) or 0
        self._tally.count(size)
        self._pace.came(size)
        self.left -= size
        if self.left < 0:
            raise TooLong("the answer does not come to its end")
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


class _Watched:
    """As much of a socket as http.client needs."""

    def __init__(self, sock: socket.socket, pace: Pace, tally: Tally) -> None:
        self._sock, self._pace, self._tally = sock, pace, tally
        self.incoming: _Incoming | None = None

    def sendall(self, data: bytes) -> None:
        self._tally.count(len(data))
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        self.incoming = _Incoming(self._sock, self._pace, self._tally)
        return io.BufferedReader(self.incoming, _BUFFER)

    def close(self) -> None:
        self._sock.close()


class Connection(http.client.HTTPConnection):
    """With `tls` it is one of HTTPS. Every read and write has the pace's patience at most."""

    def __init__(
        self, host: str, port: int | None, pace: Pace, tally: Tally, tls: ssl.SSLContext | None
    ) -> None:
        self.default_port = 443 if tls else 80
        super().__init__(host, port)
        self._pace, self._tally, self._tls = pace, tally, tls

    @property
    def open(self) -> bool:
        return self.sock is not None

    def connect(self) -> None:
        sock = socket.create_connection((self.host, self.port), min(CONNECT_S, self._pace.grace_s))
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(self._pace.grace_s)
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise
        self.sock: Any = _Watched(sock, self._pace, self._tally)

    def ask(self, path: str, since: int, most: int) -> http.client.HTTPResponse:
        """The answer, its body still to be read. Raises OSError and HTTPException.

        `most`: bytes that the body may have; what comes in pieces is a little longer.
        """
        self._tally.requests += 1
        self.request("GET", path, headers={"Range": f"bytes={since}-"} if since else {})
        self._pace.begin()
        watched = self.sock
        response = self.getresponse()
        watched.incoming.left = MOST_HEAD + most + most // 8
        return response
