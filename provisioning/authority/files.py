"""Files that are whole or absent after a cut of the power, and secrets that nobody else may read.

Checks the modes at every reading: a key that was safe when it was written may not be any more.
Never repairs what is unsafe: whoever could read a key may have, so a person must decide.
"""

import os
import stat
from pathlib import Path
from typing import Final

_OTHERS: Final = 0o077
_MOST_SECRET: Final = 64 * 1024


class Unsafe(Exception):  # noqa: N818 - says what is so
    """A file or folder others can read or change. The message says who must act."""


def put(path: Path, data: bytes, mode: int = 0o644, group: int | None = None) -> None:
    """Replace `path` at once by a file of these bytes; on disk when this returns.

    Written by root it becomes the folder owner's: the warden must be able to read it afterwards.
    """
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        _write(handle, data)
        give(handle, path.parent, group)
        os.fchmod(handle, mode)
        os.fsync(handle)
    finally:
        os.close(handle)
    temporary.replace(path)
    sync_folder(path.parent)


def append(path: Path, line: bytes) -> None:
    """Add a line to a file only we may read; on disk when this returns."""
    new = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        if new:
            give(handle, path.parent)
        _write(handle, line + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        sync_folder(path.parent)


def secret(path: Path, readers: int = _OTHERS) -> bytes:
    """The content of a file that no `readers` (mode bits) may touch. Raises Unsafe, OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode):
            raise Unsafe(f"{path} is no plain file: the administrator must ask who put it there")
        _check(path, told, readers)
        return os.read(handle, _MOST_SECRET)
    finally:
        os.close(handle)


def make_folder(path: Path, mode: int = 0o700) -> None:
    """Make it when it is missing; an existing one keeps its mode."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=mode, exist_ok=True)
    path.chmod(mode)
    if os.geteuid() == 0:
        above = path.parent.stat()
        os.chown(path, above.st_uid, above.st_gid)
    sync_folder(path.parent)


def check_folder(path: Path, readers: int = _OTHERS) -> None:
    """Raises Unsafe when one of `readers` may, or it is somebody else's."""
    _check(path, path.lstat(), readers)


def give(handle: int, folder: Path, group: int | None = None) -> None:
    """What root opened becomes the folder owner's; `group`, when given, may read it."""
    if os.geteuid() == 0:
        above = folder.stat()
        os.fchown(handle, above.st_uid, above.st_gid if group is None else group)
    elif group is not None:
        os.fchown(handle, -1, group)


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check(path: Path, told: os.stat_result, readers: int) -> None:
    mode = stat.S_IMODE(told.st_mode)
    if mode & readers:
        raise Unsafe(
            f"{path} is open to others (mode {mode:04o}): the administrator must find out who read "
            f"it and only then run: chmod {mode & ~readers:04o} {path}"
        )
    # root may keep house for the warden's account
    if os.geteuid() != 0 and told.st_uid not in (os.geteuid(), 0):
        raise Unsafe(f"{path} belongs to account {told.st_uid}: the administrator must run chown")


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]
