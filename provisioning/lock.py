"""One `up` at a time on one state folder, its children included.

The lock's file descriptor is handed to every child, so the lock is free only when the last of
them is gone: after a kill -9 a new `up` waits for the old broker to finish writing.
"""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self


class AlreadyUp(RuntimeError):  # noqa: N818 - what is so, not a kind of error
    """Somebody runs on this state. The message says who and where."""


class Lock:
    """`fd` is for the children; `tell` leaves a line for whoever comes second."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(
        self,
        wait_s: float = 15.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Self:
        """Raises AlreadyUp at once when its holder lives, after `wait_s` when only children do."""
        deadline = clock() + wait_s
        while not self._try():
            told = self._told()
            if _alive(told.split(" ", 1)[0]):
                raise AlreadyUp(f"already running: process {told}")
            if clock() >= deadline:
                raise AlreadyUp(
                    f"programs of an earlier run still hold {self._path}: stop them first"
                )
            sleep(0.1)
        self.tell("")
        return self

    def tell(self, line: str) -> None:
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, f"{os.getpid()} {line}".encode(), 0)

    def release(self) -> None:
        os.close(self.fd)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _told(self) -> str:
        return os.pread(self.fd, 300, 0).decode("utf-8", "replace").strip()


def _alive(pid: str) -> bool:
    if not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's process
    return True
