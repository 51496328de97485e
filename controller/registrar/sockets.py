"""A socket file, however long its path: connecting, listening, and reading a known length.

The kernel takes 107 bytes of a path. Longer ones are reached through a handle of their folder.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_LONGEST: Final = 100
_BACKLOG: Final = 128


def connect(path: Path, wait_s: float) -> socket.socket:
    """Raises OSError."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(wait_s)
        with _short(path) as name:
            line.connect(name)
    except OSError:
        line.close()
        raise
    return line


def listen(path: Path, mode: int = 0o660) -> socket.socket:
    """Takes the place of a socket that nobody serves any more. Raises OSError."""
    path.unlink(missing_ok=True)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _short(path) as name:
            before = os.umask(0o777)  # nobody's until its mode is set
            try:
                line.bind(name)
            finally:
                os.umask(before)
        path.chmod(mode)
        line.listen(_BACKLOG)
    except OSError:
        line.close()
        raise
    return line


def read_exactly(line: socket.socket, size: int) -> bytes:
    """Raises OSError, also when the other side ends before."""
    found = bytearray()
    while len(found) < size:
        piece = line.recv(min(size - len(found), 64 * 1024))
        if not piece:
            raise ConnectionError("the other side ended before all was said")
        found += piece
    return bytes(found)


@contextmanager
def _short(path: Path) -> Iterator[str]:
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
