"""Where the suite keeps its files: in memory where there is enough, else where the system says.

Each stored fact is brought to the disk before it is acknowledged, thousands of times in a run, and
the suite would wait for that: a disk takes milliseconds, memory none. What is promised of a cut of
the power is tested on disks of their own, whose power can be cut.
"""

import os
from pathlib import Path
from typing import Final

import psutil

PLACE: Final = Path("/dev/shm")
ENOUGH: Final = 6 << 30  # bytes: four workers' databases and browsers, and nobody is pushed out


def roomy() -> Path | None:
    """A folder in memory that programs may be started from. None: there is none, or too small."""
    if not PLACE.is_dir() or not os.access(PLACE, os.W_OK):
        return None
    stat = os.statvfs(PLACE)
    free = min(stat.f_bavail * stat.f_frsize, psutil.virtual_memory().available)
    return PLACE if free > ENOUGH and not stat.f_flag & os.ST_NOEXEC else None
