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
from pathlib import Path
from typing import Final, NamedTuple

from agent.probes import sysfs
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


class ThisSystem:
    """The real machine. What cannot change while it runs is read once. Raises OSError."""

    def __init__(self, proc: Path = Path("/proc")) -> None:
        self._proc = proc
        self._cores = os.cpu_count() or 1
        self._os = _os_name()
        self._ticks = os.sysconf("SC_CLK_TCK")

    def __call__(self) -> SystemSample:
        busy, idle = parse_processor(self._read("stat"))
        memory = parse_memory(self._read("meminfo"))
        return SystemSample(
            cpu_busy_s=busy / self._ticks,
            cpu_total_s=(busy + idle) / self._ticks,
            memory_percent=_used_percent(memory, "MemTotal", "MemAvailable"),
            memory_total_mb=memory.get("MemTotal", 0) // 1024,
            swap_percent=_used_percent(memory, "SwapTotal", "SwapFree"),
            load1=os.getloadavg()[0],
            # Not "now minus boot time": that jumps with the wall clock.
            uptime_s=int(time.clock_gettime(time.CLOCK_BOOTTIME)),
            cores=self._cores,
            os=self._os,
        )

    def _read(self, name: str) -> str:
        text = sysfs.text(self._proc / name)
        if text is None:
            raise OSError(f"{self._proc / name} cannot be read")
        return text


def parse_processor(text: str) -> tuple[int, int]:
    """Ticks of all cores, busy and idle, from the text of /proc/stat. Raises OSError."""
    numbers = [sysfs.parse_number(word) for word in text.partition("\n")[0].split()[1:9]]
    if len(numbers) < 8 or None in numbers:
        raise OSError("/proc/stat is not understood")
    # Guest time, behind these, is already contained in user time.
    user, nice, system, idle, waiting, irq, softirq, stolen = (number or 0 for number in numbers)
    return user + nice + system + irq + softirq + stolen, idle + waiting


def parse_memory(text: str) -> dict[str, int]:
    """KiB by name, from the text of /proc/meminfo; bad lines are skipped."""
    found = {}
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        number = sysfs.parse_number(rest.partition("kB")[0].strip())
        if number is not None:
            found[name] = number
    return found


def _used_percent(memory: Mapping[str, int], total: str, free: str) -> float:
    """0 of what is not there: a kiosk without swap."""
    size = memory.get(total, 0)
    return 100 * (size - memory.get(free, 0)) / size if size else 0.0


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
        self._source = source or ThisSystem()
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
