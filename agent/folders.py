"""Folders that come and go so that no power cut leaves half of one under its name.

Owns no meaning; lets one process at a time work in one. Raises OSError when the disk refuses. Files
are the business of `disk`. The resident agent makes folders and removes none: `shutil` is imported
only where it is needed.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent import disk


class Busy(Exception):  # noqa: N818 - says what happened
    """Another process is at work on a folder: to be tried again later."""


def make(folder: Path, mode: int = 0o755) -> None:
    """With its parents, each known to its own when this returns."""
    if folder.is_dir():
        return
    make(folder.parent)
    folder.mkdir(mode, exist_ok=True)
    disk.sync_folder(folder.parent)


def remove(folder: Path) -> None:
    """Gone, or still there under another name (NAME.gone), which the next call ends."""
    import shutil  # noqa: PLC0415 - see above

    leaving = folder.with_name(f"{folder.name}.gone")
    shutil.rmtree(leaving, ignore_errors=True)
    if folder.is_dir() and not folder.is_symlink():
        folder.rename(leaving)
        disk.sync_folder(folder.parent)
        shutil.rmtree(leaving, ignore_errors=True)


@contextmanager
def alone(folder: Path, busy: str) -> Iterator[None]:
    """Nobody else holds this folder meanwhile. Raises Busy at once, with the sentence `busy`."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Busy(busy) from error
    finally:
        os.close(handle)
