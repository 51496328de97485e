"""The tray as the agent's child sees it: what waits, and how one goes, for good or aside.

Owns the removal of records and nothing else of the tray; whoever calls has the office's signed
word. What goes is gone when this returns, also after a power cut; what is put aside is never
removed here. Reads no record's meaning. Raises OSError.
"""

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from agent import disk
from wire.local import OUT, REFUSED, made_at_of
from wire.submission import MOST_RECORD

_ID = slice(14, 46)  # of wire/local.py name_of


class Waiting(NamedTuple):
    """A record on this disk. `made_at` by the kiosk's clock."""

    path: Path
    made_at: int
    id: str
    size: int


class Basket:
    """`tray` is the folder of wire/local.py."""

    def __init__(self, tray: Path) -> None:
        self._out, self._refused = tray / OUT, tray / REFUSED

    def waiting(self) -> list[Waiting]:
        """The oldest first."""
        return _records(self._out)

    def put_aside(self) -> int:
        """How many the office will never take."""
        return len(_records(self._refused))

    def read(self, one: Waiting) -> bytes:
        """Its very bytes; of one that is too long only so many that the office sees it is."""
        return text_of(one.path, MOST_RECORD + 1)

    def hash_of(self, one: Waiting) -> str:
        """As acknowledgements name it."""
        return hashlib.sha256(self.read(one)).hexdigest()

    def forget(self, one: Waiting) -> None:
        disk.remove(one.path)

    def refuse(self, one: Waiting) -> None:
        """Where it was, or there: never nowhere."""
        one.path.rename(self._refused / one.path.name)
        disk.sync_folder(self._refused)
        disk.sync_folder(self._out)


def text_of(path: Path, most: int) -> bytes:
    """What lies there, at most so many bytes. Raises OSError.

    Whoever else may write in that folder leads nobody to a file of the agent's own, and nothing
    that never ends holds the child up.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags), "rb") as file:
        return file.read(most) or b""  # None of an open pipe


def _records(folder: Path) -> list[Waiting]:
    """What has no record's name is none of ours. A tray that was never made is empty."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        made_at = made_at_of(path.name)
        if made_at is not None and path.is_file() and not path.is_symlink():
            found.append(Waiting(path, made_at, path.name[_ID], path.stat().st_size))
    return sorted(found, key=lambda one: (one.made_at, one.id))
