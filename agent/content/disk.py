"""How a small file of state is written so that a power cut leaves the old one or the new one.

Synced before it gets its name, and its folder after: without the first the name can stand over
zeros, without the second it can be lost again.
"""

import os
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Durable when it returns. Raises OSError: then nothing has changed."""
    replace(path, data, synced=True)
    sync_folder(path.parent)


def replace(path: Path, data: bytes, *, synced: bool = False) -> None:
    """The old or the new one for whoever reads; not synced, a power cut may lose or empty it."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        if synced:
            file.flush()
            os.fsync(file.fileno())
    new.replace(path)


def sync_file(path: Path) -> None:
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
