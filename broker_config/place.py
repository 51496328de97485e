"""Puts a file in another's place so that a power cut leaves the old one or the new one, whole.

Owns the order of writing, syncing and renaming. Never says what stands in a file.
"""

import os
import shutil
from pathlib import Path


def place(path: Path, data: bytes, *, user: str = "", mode: int = 0o600) -> None:
    """`user`: who shall own it, if we may choose; empty: as whoever writes. Raises OSError."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if user and os.geteuid() == 0:
        shutil.chown(new, user)
    new.rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
