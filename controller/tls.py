"""A server's certificate and key, taken up again when they were renewed on disk: both or neither.

A live context that is given a certificate without its key has none at all, and turns everybody
away. So what lies on disk is read once, tried on a context that nobody uses, and only then shown.
"""

import os
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final

LOOK_TICKS: Final = 300  # of a server's ticks, about 0.1 s each


class Shown:
    """What `context` shows of the pair in `cert` and `key`; `say` gets what a person should know.

    Raises OSError when the pair is not there.
    """

    def __init__(
        self, context: ssl.SSLContext, cert: Path, key: Path, say: Callable[[str], None]
    ) -> None:
        self._context, self._cert, self._key, self._say = context, cert, key, say
        self._marks = self._look()

    def renew(self) -> bool:
        """Whether another pair is shown from now on. Cheap while nothing changed."""
        try:
            marks = self._look()
            if marks == self._marks:
                return False
            pair = self._cert.read_bytes() + b"\n" + self._key.read_bytes()
            load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), pair)
            load(self._context, pair)
        except OSError as error:  # half written, or not a pair: the next look may find it whole
            self._say(f"the certificate {self._cert} cannot be used: {error}")
            return False
        self._marks = marks
        return True

    def _look(self) -> tuple[tuple[int, int, int], ...]:
        found = (path.stat() for path in (self._cert, self._key))
        return tuple((one.st_ino, one.st_size, one.st_mtime_ns) for one in found)


def load(context: ssl.SSLContext, pair: bytes) -> None:
    """From memory: on disk one half could be another by now. Raises ssl.SSLError, OSError."""
    handle = os.memfd_create("pair")
    try:
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(pair)
        context.load_cert_chain(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)
