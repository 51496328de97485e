"""Processes a bench starts, watches and ends: always by the pid it started."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil


@contextmanager
def running(*arguments: str, log: Path) -> Iterator[psutil.Process]:
    """A Python program of this interpreter, its output in `log`, ended when the block is left."""
    with log.open("wb") as out:
        child = subprocess.Popen([sys.executable, *arguments], stdout=out, stderr=out)
    try:
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def cpu_seconds(process: psutil.Process) -> float:
    """Processor time the process and its threads have used so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def rss_mib(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20


def wait_until(predicate: Callable[[], object], within_s: float, what: str) -> None:
    deadline = time.monotonic() + within_s
    while not predicate():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {within_s} s")
        time.sleep(0.05)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of all lie, by nearest rank: kind to no small sample."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
