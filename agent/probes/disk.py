"""Room on the disks: bytes, inodes, and whether a disk has fallen back to read-only.

Looks at mounted disks only, never at files. Images that are full and read-only by nature
(squashfs, CD) are left out; a mount that is read-only by design is named in the options.
"""

import math
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, NamedTuple

import psutil

from agent.probes.base import Facts, Finding, cannot_tell, found
from agent.probes.threshold import Threshold

_FULL_BY_NATURE: Final = frozenset({"squashfs", "iso9660", "udf", "erofs", "cramfs"})


class Mount(NamedTuple):
    path: str
    used_percent: float  # of what an ordinary user may use
    free_mb: int
    inodes_percent: float | None  # None where the file system has no fixed number
    read_only: bool


Source = Callable[[], Iterable[Mount]]


def psutil_mounts() -> list[Mount]:
    """Every real disk once; one that cannot be asked (just pulled out) is left out."""
    mounts: dict[str, Mount] = {}
    for part in psutil.disk_partitions(all=False):
        if part.fstype in _FULL_BY_NATURE or part.device in mounts:
            continue
        try:
            mounts[part.device] = mount_at(part.mountpoint, part.opts)
        except OSError:
            continue
    return list(mounts.values())


def mount_at(path: str, options: str) -> Mount:
    """Asks one mount; `options` as in /proc/mounts. Raises OSError when it cannot be asked."""
    fs = os.statvfs(path)
    used = fs.f_blocks - fs.f_bfree
    usable = used + fs.f_bavail  # blocks kept for root are nobody's room
    return Mount(
        path=path,
        used_percent=100 * used / usable if usable else 0.0,
        free_mb=fs.f_bavail * fs.f_frsize // 2**20,
        inodes_percent=100 * (1 - fs.f_favail / fs.f_files) if fs.f_files else None,
        read_only="ro" in options.split(","),
    )


class DiskProbe:
    """Tells of the worst mount. Limits are percentages of use."""

    name = "disk"
    period_s = 60.0
    timeout_s = 10.0
    confirm = 1
    bands: Mapping[str, float] = {"used_percent": 1, "free_mb": math.inf, "inodes_percent": 1}

    def __init__(
        self,
        source: Source = psutil_mounts,
        nearly_full: float = 90,
        full: float = 97,
        inodes_low: float = 90,
        read_only_by_design: Collection[str] = (),
    ) -> None:
        self._source = source
        self._by_design = frozenset(read_only_by_design)
        self._nearly_full = Threshold(nearly_full, nearly_full - 2)
        self._full = Threshold(full, full - 1)
        self._inodes_low = Threshold(inodes_low, inodes_low - 2)

    def observe(self) -> Finding:
        mounts = [m for m in self._source() if m.path not in self._by_design]
        if not mounts:
            return cannot_tell("no disk is mounted that could be asked")
        worst = max(mounts, key=_badness)
        codes = self._codes(worst)
        facts: Facts = {
            "mount": worst.path[:100],
            "mounts": len(mounts),
            "used_percent": round(worst.used_percent, 1),
            "free_mb": worst.free_mb,
            "inodes_percent": _rounded(worst.inodes_percent),
            "read_only": worst.read_only,
        }
        return found(facts, codes, _why(worst) if codes else "")

    def _codes(self, worst: Mount) -> list[str]:
        nearly, full = (t.over(worst.used_percent) for t in (self._nearly_full, self._full))
        codes = ["disk.read_only"] if worst.read_only else []
        if full or nearly:
            codes.append("disk.full" if full else "disk.nearly_full")
        if self._inodes_low.over(worst.inodes_percent or 0.0):
            codes.append("disk.inodes_low")
        return codes


def _badness(mount: Mount) -> tuple[bool, float]:
    return mount.read_only, max(mount.used_percent, mount.inodes_percent or 0.0)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _why(mount: Mount) -> str:
    state = "read-only, " if mount.read_only else ""
    return f"{mount.path[:100]}: {state}{mount.used_percent:.0f} % used, {mount.free_mb} MiB free"
