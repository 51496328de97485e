"""The figures of a played machine that no file shows: processor, memory, disk, network.

Each breathes around a level that mishaps move. The answers have the shapes of psutil's, so the
real probes compute from them exactly as they do on a real machine.
"""

import math
from collections.abc import Callable
from random import Random

from agent.probes.disk import Mount
from agent.probes.network import Nic
from agent.probes.system import SystemSample

CORES = 4
DISK_MB = 60_000


class Machine:
    """Levels are percents and plain attributes; `seconds` is a monotonic clock."""

    def __init__(self, dice: Random, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._born = seconds() - dice.uniform(3600, 20 * 86_400)
        self._last = seconds()
        self._busy = 0.0
        self._total = 0.0
        self._phase = dice.uniform(0, 6.28)
        self._address = (
            f"10.{dice.randrange(1, 200)}.{dice.randrange(256)}.{dice.randrange(2, 250)}"
        )
        self.cpu = dice.uniform(6, 22)
        self.memory = dice.uniform(35, 65)
        self.disk = dice.uniform(30, 70)
        self.cable = True

    def system(self) -> SystemSample:
        """Counters that have grown by the level since the last look."""
        now = self._seconds()
        passed, self._last = (now - self._last) * CORES, now
        self._total += passed
        self._busy += passed * self._breathing(self.cpu, 0.25) / 100
        return SystemSample(
            cpu_busy_s=self._busy,
            cpu_total_s=self._total,
            memory_percent=round(self._breathing(self.memory, 0.03), 1),
            memory_total_mb=7_850,
            swap_percent=0.0,
            load1=round(self._breathing(self.cpu, 0.25) * CORES / 100, 2),
            uptime_s=int(now - self._born),
            cores=CORES,
            os="Debian 12 (played)",
        )

    def mounts(self) -> list[Mount]:
        used = min(100.0, self.disk)
        return [
            Mount(
                path="/",
                used_percent=round(used, 1),
                free_mb=int(DISK_MB * (100 - used) / 100),
                inodes_percent=round(used / 4, 1),
                read_only=False,
            )
        ]

    def nics(self) -> dict[str, Nic]:
        up_s = self._seconds() - self._born
        return {
            "eth0": Nic(
                up=self.cable,
                address=self._address if self.cable else "",
                rx_bytes=int(up_s * 2_000),
                tx_bytes=int(up_s * 600),
                errors=0,
            )
        }

    def _breathing(self, level: float, depth: float) -> float:
        """A slow wave of ten minutes, inside the dead bands most of the time."""
        wave = math.sin(self._seconds() / 95 + self._phase)
        return max(0.5, min(99.0, level * (1 + depth * wave)))
