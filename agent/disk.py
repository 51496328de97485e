"""How a small file or a link is replaced so that a power cut leaves the old one or the new one.

Synced before it gets its name, and its folder after: without the first the name can stand over
zeros, without the second it can be lost again. Standard library only: also read by what starts the
agent. Raises OSError: then what had the name has it still.
"""

import os
from pathlib import Path


def write(path: Path, data: bytes, mode: int | None = None) -> None:
    """Durable when it returns."""
    replace(path, data, mode, synced=True)
    sync_folder(path.parent)


def replace(path: Path, data: bytes, mode: int | None = None, *, synced: bool = False) -> None:
    """The old or the new one for whoever reads; not synced, a power cut may lose or empty it.

    `mode` is the new one's, whatever the mask; without it the mask decides.
    """
    new = path.with_name(f"{path.name}.new")
    # A link that somebody laid there is not written through.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(new, flags, 0o666 if mode is None else mode), "wb") as file:
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.write(data)
        if synced:
            file.flush()
            os.fsync(file.fileno())
    new.replace(path)


def switch(link: Path, target: str) -> None:
    """From now on the link leads there. Durable when it returns."""
    new = link.with_name(f"{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.rename(link)
    sync_folder(link.parent)


def remove(path: Path) -> None:
    """A file or a link that may be gone already, or its folder; gone for good when it returns."""
    if path.parent.is_dir():
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


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
