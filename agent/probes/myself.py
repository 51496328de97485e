"""The agent's own memory and disk: who watches others is watched too.

Owns no device. Says `warn` with a reason when facts wait, were dropped, or cannot be written.
"""

import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from agent.probes.base import Finding

_PAGE_MB: Final = os.sysconf("SC_PAGE_SIZE") / 2**20


class MyselfProbe:
    """`trouble` gives one sentence, or nothing when all is well."""

    name = "agent"
    period_s = 60.0
    timeout_s = 5.0
    confirm = 1
    bands: Mapping[str, float] = {"rss_mb": 8, "cpu_s": math.inf}

    def __init__(self, trouble: Callable[[], str], root: Path = Path("/")) -> None:
        self._trouble = trouble
        self._statm = root / "proc/self/statm"

    def observe(self) -> Finding:
        pages = int(self._statm.read_text().split()[1])
        times = os.times()
        why = self._trouble()
        return Finding(
            "warn" if why else "ok",
            {"rss_mb": round(pages * _PAGE_MB, 1), "cpu_s": round(times.user + times.system, 1)},
            (),
            why,
        )
