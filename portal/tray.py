"""The tray: records that wait to be brought away, on the kiosk's disk, whole or not at all.

Owns how a record gets there, when the tray is full, and the ring by which the agent learns of it.
Never reads a record, never removes one: the agent's child does, by the office's signed word. What
is oldest is never pushed out; when the tray is full nothing new comes in.
"""

import os
import threading
from pathlib import Path
from typing import Final

from portal import durable
from wire.local import (
    LEAST_FREE,
    MOST_BYTES,
    MOST_RECORDS,
    OUT,
    REFUSED,
    RING,
    made_at_of,
    name_of,
)
from wire.submission import Tray

FOLDER_MODE: Final = 0o770


class Full(Exception):  # noqa: N818 - says what happened
    """Nothing was put in."""


class TrayFolder:
    """Made at once when it is not there. Raises OSError. For many threads."""

    def __init__(
        self, folder: Path, most: int = MOST_RECORDS, most_bytes: int = MOST_BYTES
    ) -> None:
        self.folder, self._out, self._refused = folder, folder / OUT, folder / REFUSED
        self._most, self._most_bytes = most, most_bytes
        self._lock = threading.Lock()
        for path in (folder, self._out, self._refused):
            durable.folder(path, FOLDER_MODE)
        for torn in self._out.glob(".*.new"):  # of a cut: it never had its name
            torn.unlink(missing_ok=True)

    def check_room(self, size: int = 0) -> None:
        """Raises Full, in words for a technician."""
        state = self.state()
        if state.records >= self._most or state.size + size > self._most_bytes:
            raise Full(f"{state.records} records, {state.size} bytes wait here: no room for more")
        disk = os.statvfs(self._out)
        if disk.f_bavail * disk.f_frsize < LEAST_FREE + size:
            raise Full("the disk is nearly full")

    def put(self, made_at: int, uid: str, record: bytes) -> None:
        """Durable when it returns. Raises Full, OSError."""
        with self._lock:
            self.check_room(len(record))
            durable.write(self._out / name_of(made_at, uid), record, durable.SHARED)
        self._ring()

    def state(self) -> Tray:
        found = [*_records(self._out)]
        return Tray(
            records=len(found),
            size=sum(size for _, size in found),
            oldest=min((made_at for made_at, _ in found), default=0),
            refused=sum(1 for _ in _records(self._refused)),
        )

    def _ring(self) -> None:
        """A ring that cannot be heard costs time, never a record: the child comes by itself."""
        try:
            with (self.folder / RING).open("ab"):
                os.utime(self.folder / RING)
        except OSError:
            return


def _records(folder: Path) -> list[tuple[int, int]]:
    """When each was made, and its size. One that goes meanwhile counts no more."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            made_at = made_at_of(entry.name)
            try:
                if made_at is not None:
                    found.append((made_at, entry.stat(follow_symlinks=False).st_size))
            except FileNotFoundError:
                continue
    return found
