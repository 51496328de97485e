"""What citizens handed in and this kiosk still keeps: how much, how old, and what was refused.

Owns the thresholds. Looks at names and sizes in the tray and at what the child said of its last
round; reads no record. A kiosk at which nothing was ever handed in is well.
"""

import math
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from agent.probes.base import Finding, found
from wire.local import (
    CHILD,
    LEAST_FREE,
    MOST_BYTES,
    MOST_RECORDS,
    OUT,
    REFUSED,
    ChildSays,
    made_at_of,
)

if TYPE_CHECKING:
    from wire.messages import Fact

HIGH: Final = 0.8
LATE_S: Final = 86_400.0


class SubmissionProbe:
    """`tray`: the folder of wire/local.py; `wall` gives seconds since 1970."""

    name = "submission"
    period_s = 60.0
    timeout_s = 10.0
    confirm = 1
    bands: Mapping[str, float] = {"bytes": math.inf, "oldest_s": math.inf}

    def __init__(self, tray: Path, wall: Callable[[], float] = time.time) -> None:
        self._tray, self._wall = tray, wall

    def observe(self) -> Finding:
        waiting, refused = _held(self._tray / OUT), _held(self._tray / REFUSED)
        size = sum(size for _, size in waiting)
        oldest_s = max((self._wall() - made_at / 1000 for made_at, _ in waiting), default=0.0)
        facts: dict[str, Fact] = {
            "records": len(waiting),
            "bytes": size,
            "refused": len(refused),
            "oldest_s": max(round(oldest_s), 0),
        }
        codes = [
            *self._fullness(max(len(waiting) / MOST_RECORDS, size / MOST_BYTES)),
            *(["submission.refused"] if refused else []),
            *(["submission.late"] if oldest_s > LATE_S else []),
        ]
        return found(facts, codes, self._why() if codes else "")

    def _fullness(self, share: float) -> list[str]:
        try:
            disk = os.statvfs(self._tray)
            tight = disk.f_bavail * disk.f_frsize < LEAST_FREE
        except FileNotFoundError:
            tight = False
        if share >= 1.0 or tight:
            return ["submission.full"]
        return ["submission.high"] if share >= HIGH else []

    def _why(self) -> str:
        try:
            text = (self._tray / CHILD).read_bytes()
            return msgspec.json.decode(text, type=ChildSays).why
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return ""


def _held(folder: Path) -> list[tuple[int, int]]:
    """When each was made, and its size. One that goes meanwhile counts no more."""
    held = []
    try:
        entries = [*os.scandir(folder)]
    except FileNotFoundError:
        return []
    for entry in entries:
        made_at = made_at_of(entry.name)
        try:
            if made_at is not None:
                held.append((made_at, entry.stat(follow_symlinks=False).st_size))
        except FileNotFoundError:
            continue
    return held
