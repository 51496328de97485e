"""Which chunks this kiosk has: inside the files of its releases, and on the shelf of what comes.

Owns <folder>/<bundle>/shelf, and only reads slots. Never believes a disk: whatever is read is
compared with its name, so nothing on the shelf needs to be synced; a chunk that a power cut emptied
is one that is missing.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from agent import disk
from wire.content import MOST_CHUNK, About, Index, read_index
from wire.errors import MalformedMessage

PARTS: Final = "parts"  # of the shelf: what has begun to come and is not whole
COPIES: Final = 2  # of a chunk are remembered: when one has rotted, the other may do


class _Place(NamedTuple):
    path: str
    offset: int
    size: int


class Held:
    """`slots`: <folder>/<bundle>/slots. `shelf` is made when it is needed."""

    def __init__(self, slots: Path, shelf: Path) -> None:
        self._slots, self._shelf = slots, shelf
        self._places: dict[bytes, tuple[_Place, ...]] = {}
        self.releases = tuple(sorted(self._learn()))

    def has(self, sha256: str) -> bool:
        """Whether it can be read here and is what its name says."""
        return self.read(sha256) is not None

    def read(self, sha256: str) -> bytes | None:
        """Its plain bytes, None when they are not here or not what they should be."""
        known = self._places.get(bytes.fromhex(sha256), ())
        for place in (*known, self._on_shelf(sha256)):
            data = _read(place)
            if data is not None and hashlib.sha256(data).hexdigest() == sha256:
                return data
        return None

    def put(self, sha256: str, plain: bytes) -> None:
        """Onto the shelf; the caller has compared the hash. Raises OSError."""
        path = self._shelf / sha256[:2] / sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.replace(path, plain)

    def part(self, name: str) -> Path:
        """Where a download of that name grows; its folder exists. Raises OSError."""
        folder = self._shelf / PARTS
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name

    def begun(self, name: str) -> int:
        """How many bytes of that download are here."""
        try:
            return (self._shelf / PARTS / name).stat().st_size
        except OSError:
            return 0

    def keep_parts(self, names: Collection[str]) -> None:
        """Take away every other download that has begun."""
        with contextlib.suppress(OSError):
            for path in (self._shelf / PARTS).glob("*"):
                if path.name not in names:
                    path.unlink(missing_ok=True)

    def keep_only(self, hashes: Collection[str]) -> None:
        """Take everything else off the shelf: what an earlier release on its way has left."""
        with contextlib.suppress(OSError):
            for path in self._shelf.glob("??/*"):
                if path.name not in hashes:
                    path.unlink(missing_ok=True)

    def clear(self) -> None:
        """The whole shelf, parts and all."""
        shutil.rmtree(self._shelf, ignore_errors=True)

    def _on_shelf(self, sha256: str) -> _Place:
        return _Place(str(self._shelf / sha256[:2] / sha256), 0, MOST_CHUNK)

    def _learn(self) -> Iterator[int]:
        for path in self._slots.glob("*.idx"):
            if path.stem.isdecimal() and (self._slots / path.stem).is_dir():
                with contextlib.suppress(OSError, MalformedMessage, msgspec.MsgspecError):
                    self._note(self._slots / path.stem, index_at(path))
                    yield int(path.stem)

    def _note(self, slot: Path, index: Index) -> None:
        for file in index.files:
            path, offset = str(slot / file.path), 0
            for sha256, size in file.chunks:
                name = bytes.fromhex(sha256)
                if len(known := self._places.get(name, ())) < COPIES:
                    self._places[name] = (*known, _Place(path, offset, size))
                offset += size


def index_at(path: Path) -> Index:
    """Of slots/<seq>.idx, beside its about. Raises OSError and MalformedMessage."""
    about = msgspec.json.decode(path.with_suffix(".about.json").read_bytes(), type=About)
    return read_index(path.read_bytes(), about)


def _read(place: _Place) -> bytes | None:
    """A disk that errs has nothing."""
    try:
        handle = os.open(place.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            return os.pread(handle, place.size, place.offset)
        finally:
            os.close(handle)
    except OSError:
        return None
