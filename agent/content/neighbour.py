"""Chunks from another kiosk on the same network, which is asked first and never trusted.

What it gives is checked like everything else. Who cannot be reached, gives a wrong thing once, or
takes long to say that it has nothing is not asked again in this run: the line to the office is
there.
"""

import hashlib
import time
from collections.abc import Callable
from typing import Final

from agent.content.line import Line
from agent.content.trouble import NotThere, Trouble
from agent.content.unpack import plain_of
from wire.content import MOST_CHUNK, chunk_path
from wire.errors import MalformedMessage
from wire.pack import read_chunk

PATIENCE_S: Final = 3.0
_LEAST_KBIT: Final = 64.0


class Neighbour:
    """`url`: http://HOST:PORT. `given`: bytes that came from it. `gone`: not asked any more.

    Its bytes stay within the house: no budget counts them. Raises ValueError for a wrong address.
    """

    def __init__(
        self,
        url: str,
        *,
        patience_s: float = PATIENCE_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = Line(url, None, least_kbit=_LEAST_KBIT, grace_s=patience_s, tries=1)
        self._left_s, self._monotonic = patience_s, monotonic  # for answers that bring nothing
        self.given = 0
        self.refused = 0
        self.gone = False

    def chunk(self, sha256: str, size: int) -> bytes | None:
        """Its plain bytes, None when this neighbour has not got it or must not be asked."""
        if self.gone:
            return None
        began = self._monotonic()
        plain = self._asked(sha256, size)
        if plain is None:
            self._left_s -= self._monotonic() - began
            self.gone = self.gone or self._left_s < 0
        return plain

    def _asked(self, sha256: str, size: int) -> bytes | None:
        try:
            stored = self._line.read(chunk_path(sha256), MOST_CHUNK + 1)
            plain = plain_of(*read_chunk(stored), size)
        except NotThere:
            return None
        except Trouble:
            self.gone = True
            return None
        except MalformedMessage:
            plain = b""
        if hashlib.sha256(plain).hexdigest() != sha256:
            self.refused += 1
            self.gone = True
            return None
        self.given += len(stored)
        return plain

    def close(self) -> None:
        self._line.close()
