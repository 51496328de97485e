"""Small files of the kernel, read without surprises.

A file that is missing, unreadable (drivers answer EIO or EINVAL for a sensor that sleeps) or not
of the expected form is None: absence is normal under /sys. Never writes.
"""

import os
from pathlib import Path
from typing import Final

_MOST: Final = 65_536


def text(path: Path) -> str | None:
    """The stripped text, at most 64 KiB of it."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            return _read(fd).decode("utf-8", "replace").strip("\0 \t\r\n")
        finally:
            os.close(fd)
    except OSError:
        return None


def number(path: Path) -> int | None:
    return parse_number(text(path))


def parse_number(text: str | None) -> int | None:
    """A decimal number of at most 18 digits; anything else is None."""
    digits = (text or "").removeprefix("-")
    # isdecimal alone would let through digits of other scripts, int() alone "1_0".
    if text is None or not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        return None
    return int(text)


def folders(path: Path) -> list[Path]:
    """What lies in a folder, by name; nothing if there is no such folder."""
    try:
        return sorted(path.iterdir())
    except OSError:
        return []


def _read(fd: int) -> bytes:
    """Files of /proc come in pieces of a page, whatever size is asked for."""
    read = b""
    while len(read) < _MOST and (piece := os.read(fd, _MOST - len(read))):
        read += piece
    return read
