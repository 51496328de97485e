"""The registrar's keys as its folder holds them now: read anew by itself when the folder changed.

Owns nothing but the newest ring that could be read whole. keys.json is replaced at once and last,
and what is destroyed goes after it: so a look at a few inodes before each use tells every change,
and a folder that is being written is simply not believed yet. Whoever has asked for the ring keeps
what they got until they are done; a folder that cannot be read leaves the keys that were.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from controller.registrar.keys import ACK, PUBLIC, SEAL, TAIL, BadKeys, KeyRing, load

Ring = Callable[[], KeyRing]
"""The keys of this moment: ask once for what belongs together."""
_LOOKED_AT: Final = (PUBLIC, SEAL, ACK, TAIL)


class Held:
    """A Ring. `say` gets a line for every change. For many threads. Raises as `load` when made."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self._folder, self._say = folder, say
        self._alone = threading.Lock()
        self._stamp = self._look()
        self._ring = load(folder)

    def __call__(self) -> KeyRing:
        if self._look() != self._stamp:
            with self._alone:
                self._read()
        return self._ring

    def unseal(self, key: str, sealed: bytes, info: bytes) -> bytes:
        """Raises CannotUnseal."""
        return self().unseal(key, sealed, info)

    def _read(self) -> None:
        """Once for each state of the folder; one that changes meanwhile is read again."""
        stamp = self._look()
        if stamp == self._stamp:
            return
        try:
            self._ring = ring = load(self._folder)
        except (BadKeys, OSError) as error:
            self._say(f"goes on with the keys it has, those in its folder do not hold: {error}")
        else:
            self._say(f"read its keys anew: {len(ring.seals)} to open by, signs by {ring.signs}")
        self._stamp = stamp  # last: until then whoever asks waits for the ring that is read here

    def _look(self) -> tuple[tuple[int, int, int] | None, ...]:
        return tuple(_of(self._folder / name) for name in _LOOKED_AT)


def _of(path: Path) -> tuple[int, int, int] | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_ino, told.st_mtime_ns, told.st_size
