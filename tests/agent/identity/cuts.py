"""Cuts at every step: a process killed before its n-th call to the disk, and a disk without power.

`calls_of` counts the calls a flow makes, `killed_at` runs it in a process of its own that kills
itself before call n. `PowerDisk` is an ext4 of its own whose power can be cut: what was not synced
is lost (the kernel's shutdown call of that file system). It needs root, as mounting does.
"""

import fcntl
import os
import signal
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.support.wait import until

STEPS: Final = ("open", "write", "fsync", "rename", "symlink", "unlink", "mkdir", "rmdir", "chown")
PATIENCE_S: Final = 30.0
_SHUTDOWN: Final = 0x8004587D
_WITHOUT_ITS_LOG: Final = struct.pack("I", 2)


def killed_at(call: int, flow: Callable[[], object]) -> bool:
    """Whether the flow was killed, before its call of this number (from 1). Else it is done."""
    pid = os.fork()
    if pid == 0:
        try:
            _count(call)
            flow()
        except BaseException:  # noqa: BLE001 - nothing of the child may come back into pytest
            os._exit(3)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status in (0, -signal.SIGKILL), f"the flow itself failed: {status}"
    return status != 0


def _count(last: int) -> None:
    left = last

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))


class PowerDisk:
    """`folder` is its root, of so many MiB, `image` the file that it lies in. To be closed."""

    def __init__(self, folder: Path, size: int = 8) -> None:
        self.image, self.folder = folder / "disk.img", folder / "disk"
        self._dark = False
        self.folder.mkdir()
        with self.image.open("wb") as file:
            file.truncate(size << 20)
        subprocess.run(["mkfs.ext4", "-q", self.image], check=True)
        self._mount()

    def sync(self) -> None:
        """What was done so far is not what the test cuts."""
        subprocess.run(["sync", "-f", self.folder], check=True)

    def cut_power(self) -> None:
        """And switch it on again."""
        if not self._dark:
            self.switch_off()
        self._dark = False
        until(self._is_on_again, PATIENCE_S)

    def switch_off(self) -> None:
        """For whoever has files open there: it closes them before `cut_power`, and keeps nothing.

        Nothing that is done from here on reaches the disk.
        """
        handle = os.open(self.folder, os.O_RDONLY)
        fcntl.ioctl(handle, _SHUTDOWN, _WITHOUT_ITS_LOG)
        os.close(handle)
        self._dark = True

    def close(self) -> None:
        subprocess.run(["umount", self.folder], check=True)

    def _is_on_again(self) -> bool:
        """Not while another process has the dead one in a copy of all mounts: a new container."""
        self.close()
        self._mount()
        mounts = Path("/proc/self/mounts").read_text().splitlines()
        (options,) = (words[3] for words in map(str.split, mounts) if words[1] == str(self.folder))
        return "shutdown" not in options.split(",")

    def _mount(self) -> None:
        subprocess.run(["mount", "-o", "loop", self.image, self.folder], check=True)


class NoPower:
    """A folder where we may not mount: a cut there is a killed process and no more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "disk"
        self.folder.mkdir()

    def cut_power(self) -> None:
        """Nothing can be lost."""

    sync = close = cut_power
