"""What the agent left for the portal: how this kiosk is, and what the office last told.

Owns the reading of the two files (wire/local.py), anew only when they have changed. A file that is
not there, half there or too large is nothing heard: None, and the last good one is not kept longer
than the file says, because an old word about "online" is worse than none.
"""

from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

S = TypeVar("S", bound=Struct)
_Stamp = tuple[int, int, int]


class Heard(Generic[S]):
    """`read()` gives the newest. `most` bytes are read, no more. For many threads."""

    def __init__(self, path: Path, kind: type[S], most: int) -> None:
        self._path, self._most = path, most
        self._decoder = msgspec.json.Decoder(kind)
        self._last: tuple[_Stamp, S | None] | None = None

    def read(self) -> S | None:
        try:
            about = self._path.stat()
            stamp = (about.st_ino, about.st_size, about.st_mtime_ns)
            last = self._last
            if last is not None and last[0] == stamp:
                return last[1]
            found = self._decode() if about.st_size <= self._most else None
        except OSError:
            return None
        self._last = (stamp, found)
        return found

    def _decode(self) -> S | None:
        try:
            return self._decoder.decode(self._path.read_bytes())
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
