"""Writing that outlives a power cut, in the one order that does: the file, its name, the folder.

Owns no meaning. Raises OSError when the disk refuses; the old file is there then. One of its own
beside those of commands and identity, so that the child that installs imports neither.
"""

import os
import shutil
from pathlib import Path


def write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """The old file or the new one, whatever is cut."""
    temporary = path.with_name(f".{path.name}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    try:
        os.fchmod(handle, mode)
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    temporary.rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """The names in it are on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path, mode: int = 0o755) -> None:
    """With its parents, each known to its own when this returns."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode, exist_ok=True)
    sync_folder(folder.parent)


def remove_tree(folder: Path) -> None:
    """Gone, or there under another name: never half of it under its own."""
    leaving = folder.with_name(f"{folder.name}.gone")
    shutil.rmtree(leaving, ignore_errors=True)
    if folder.is_dir() and not folder.is_symlink():
        folder.rename(leaving)
        sync_folder(folder.parent)
        shutil.rmtree(leaving, ignore_errors=True)
