"""A picture as a citizen gives it becomes one that may be kept: small, bare, made anew.

Owns the child process (portal/remaking.py) and what is said when it cannot be done. The bytes that
came are never decoded in the portal's own process, and never written to a disk.
"""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Final, Literal

from portal.remaking import BAD, LARGE
from wire.submission import MOST_PHOTO

MOST_GIVEN: Final = 12 * 1024 * 1024  # bytes of a picture as it comes from a camera
WAIT_S: Final = 20.0
CHILD: Final = Path(__file__).with_name("remaking.py")
_JPEG: Final = b"\xff\xd8\xff"
Why = Literal["bad", "large", "busy"]


class NotKept(ValueError):  # noqa: N818 - says what became of it
    """`why`: "bad" is no picture, "large" too large: another may do. "busy": to be tried again."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


_one = threading.Lock()  # a kiosk has one citizen; two pictures at once are somebody's attack


def remake(data: bytes, most: int = MOST_PHOTO, wait_s: float = WAIT_S) -> bytes:
    """A JPEG of at most `most` bytes with the pixels of `data` and nothing else.

    Raises NotKept.
    """
    if not data or len(data) > MOST_GIVEN:
        raise NotKept("large" if data else "bad")
    if not _one.acquire(timeout=wait_s):
        raise NotKept("busy")
    try:
        ended = _run(data, most, wait_s)
    finally:
        _one.release()
    if ended.returncode in (BAD, LARGE):
        raise NotKept("bad" if ended.returncode == BAD else "large")
    if ended.returncode or len(ended.stdout) > most or not ended.stdout.startswith(_JPEG):
        raise NotKept("bad")  # killed by one of its limits
    return ended.stdout


def _run(data: bytes, most: int, wait_s: float) -> "subprocess.CompletedProcess[bytes]":
    # -I: neither the folder it stands in nor anybody's environment changes what is imported
    command = [sys.executable, "-I", str(CHILD), str(most)]
    try:
        return subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=wait_s,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise NotKept("busy") from None
