"""How the portal writes what must be there after a power cut.

Owns the order of writing, syncing and naming: synced before it gets its name, and its folder after.
A file of a citizen is nobody else's business: it is made for its owner alone, whatever the mask.
Raises OSError: then what had the name has it still. Decides nothing.
"""

import os
from pathlib import Path
from typing import Final

OURS: Final = 0o600
SHARED: Final = 0o640  # for the agent's child, which is of the same group


def write(path: Path, data: bytes, mode: int = OURS) -> None:
    """The old or the new one for whoever reads. Durable when it returns.

    What a full disk took half of goes again: nobody asks for that name a second time.
    """
    new = path.with_name(f".{path.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    handle = os.open(new, flags, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def append(path: Path, line: bytes) -> None:
    """One more line at the end. Durable when it returns; a cut leaves at most a torn last line.

    Such a line is ended first, or it would take the next one with it.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    there = path.exists()
    with os.fdopen(os.open(path, flags, OURS), "a+b") as file:
        torn = there and not _ends_a_line(file.fileno())
        file.write(b"\n" + line if torn else line)
        file.flush()
        os.fsync(file.fileno())
    if not there:
        sync_folder(path.parent)


def _ends_a_line(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return not size or os.pread(handle, 1, size - 1) == b"\n"


def folder(path: Path, mode: int) -> None:
    """Made with its parents when it is not there; its own mode is set only then."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(exist_ok=True)
    path.chmod(mode)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
