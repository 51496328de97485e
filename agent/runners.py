"""Threads that look, so that nobody else has to wait for a device.

Owns the threads. A look that hangs keeps its thread until it returns; the next look takes another.
Never judges what was found and never counts time: the sampler does.
"""

import threading
import time
from queue import SimpleQueue
from typing import Final

from agent.probes.base import Clock, Probe

_IDLE_MOST: Final = 2


class Look:
    """One call of a probe. `finding` or `error` is there when it has been handed back."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self.finding: object = None
        self.error: Exception | None = None
        self.latency_s = 0.0


class Runners:
    """Finished looks are put into `done`. Call `begin` from one thread only."""

    def __init__(self, done: "SimpleQueue[Look | None]", clock: Clock = time.monotonic) -> None:
        self._done = done
        self._clock = clock
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[Look | None]] = []
        self._open = True

    def begin(self, probe: Probe) -> Look:
        """Starts a look on a thread that is free, or on a new one."""
        look = Look(probe)
        with self._lock:
            errands = self._idle.pop() if self._idle else None
        if errands is None:
            errands = SimpleQueue()
            # A daemon: a hung device must not keep the process from ending.
            threading.Thread(target=self._run, args=(errands,), name="look", daemon=True).start()
        errands.put(look)
        return look

    def close(self) -> None:
        """Idle threads end; those that hang end when their device lets go."""
        with self._lock:
            self._open = False
            for errands in self._idle:
                errands.put(None)
            self._idle.clear()

    def _run(self, errands: "SimpleQueue[Look | None]") -> None:
        while (look := errands.get()) is not None:
            began = self._clock()
            try:
                look.finding = look.probe.observe()
            except Exception as error:  # noqa: BLE001 - whatever a probe raises is a finding
                look.error = error
            look.latency_s = self._clock() - began
            free = self._offer(errands)
            self._done.put(look)
            if not free:
                return

    def _offer(self, errands: "SimpleQueue[Look | None]") -> bool:
        with self._lock:
            free = self._open and len(self._idle) < _IDLE_MOST
            if free:
                self._idle.append(errands)
        return free
