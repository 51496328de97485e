"""Processor, memory and load of the kiosk itself.

Owns the one-minute mean of the processor: a browser that paints for two seconds is no news.
Never looks at single processes (that costs milliseconds); the browser has its own probe.
"""

import math
import os
import platform
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import psutil

from agent.probes.base import Clock, Facts, Finding, found
from agent.probes.threshold import Threshold

MEAN_OVER_S: Final = 60.0


class SystemSample(NamedTuple):
    """Counters at one moment; processor seconds are summed over all cores since the start."""

    cpu_busy_s: float
    cpu_total_s: float
    memory_percent: float
    memory_total_mb: int
    swap_percent: float
    load1: float
    uptime_s: int
    cores: int
    os: str


class PsutilSystem:
    """The real machine. What cannot change while it runs is read once."""

    def __init__(self) -> None:
        self._cores = os.cpu_count() or 1
        self._os = _os_name()

    def __call__(self) -> SystemSample:
        times = psutil.cpu_times()
        # Guest time is already contained in user time.
        total = times.user + times.nice + times.system + times.irq + times.softirq + times.steal
        memory = psutil.virtual_memory()
        return SystemSample(
            cpu_busy_s=total,
            cpu_total_s=total + times.idle + times.iowait,
            memory_percent=memory.percent,
            memory_total_mb=memory.total // 2**20,
            swap_percent=psutil.swap_memory().percent,
            load1=os.getloadavg()[0],
            # Not "now minus boot time": that jumps with the wall clock.
            uptime_s=int(time.clock_gettime(time.CLOCK_BOOTTIME)),
            cores=self._cores,
            os=self._os,
        )


class SystemProbe:
    """Facts in percent, MiB and seconds; `cpu_percent` is None until two looks are known."""

    name = "system"
    period_s = 15.0
    timeout_s = 5.0
    confirm = 1
    bands: Mapping[str, float] = {
        "cpu_percent": 15,
        "memory_percent": 5,
        "swap_percent": 10,
        "load1": math.inf,
        "uptime_s": math.inf,
    }

    def __init__(
        self,
        source: Callable[[], SystemSample] | None = None,
        clock: Clock = time.monotonic,
        cpu_high: float = 90,
        memory_high: float = 90,
        swap_high: float = 80,
    ) -> None:
        self._source = source or PsutilSystem()
        self._clock = clock
        self._seen: deque[tuple[float, float, float]] = deque()
        self._limits = (
            ("system.cpu_high", "cpu_percent", Threshold(cpu_high, cpu_high - 10)),
            ("system.memory_high", "memory_percent", Threshold(memory_high, memory_high - 5)),
            ("system.swap_high", "swap_percent", Threshold(swap_high, swap_high - 10)),
        )

    def observe(self) -> Finding:
        sample = self._source()
        values = {
            "cpu_percent": self._mean(sample),
            "memory_percent": round(sample.memory_percent, 1),
            "swap_percent": round(sample.swap_percent, 1),
        }
        high = [(code, fact) for code, fact, limit in self._limits if limit.over(values[fact])]
        facts: Facts = {
            **values,
            "memory_total_mb": sample.memory_total_mb,
            "load1": round(sample.load1, 2),
            "uptime_s": sample.uptime_s,
            "cores": sample.cores,
            "os": sample.os,
        }
        why = ", ".join(f"{fact} is {values[fact]}" for _, fact in high)
        return found(facts, [code for code, _ in high], why)

    def _mean(self, sample: SystemSample) -> float | None:
        """Share of the processor used since the oldest look of the last minute, in percent."""
        now = self._clock()
        self._seen.append((now, sample.cpu_busy_s, sample.cpu_total_s))
        # One look older than a minute is kept: without it the mean covers less than a minute.
        while len(self._seen) > 2 and self._seen[1][0] <= now - MEAN_OVER_S:
            self._seen.popleft()
        _, busy, total = self._seen[0]
        passed = sample.cpu_total_s - total
        if passed <= 0:
            return None
        return round(min(max(100 * (sample.cpu_busy_s - busy) / passed, 0.0), 100.0), 1)


def _os_name() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"][:100]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"[:100]
