"""Looks at every device when it is due, and is delayed by none.

Owns when to look: at once at the start, then on a grid (so that looks share a wake-up), soon again
while a worse state awaits confirmation, and rarely while a probe fails. Owns the time limit: a look
that exceeds it becomes `unknown`, costs one thread, and its answer, if it ever comes, is discarded.
Never decides what is worth sending, and never stops because of what a probe does.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Final

from agent.belief import Belief, Sighting
from agent.probes.base import Clock, Probe
from agent.runners import Look, Runners
from agent.stamp import failed, stamp
from wire.messages import Observation

Sink = Callable[[Sighting], None]

TOGETHER_S: Final = 0.5  # what is due so soon is done with the rest, to sleep longer
PATIENCE_S: Final = 0.1  # how long the other probes wait for one before they overtake it
CONFIRM_AFTER_S: Final = 1.0
COOL_DOWN_S: Final = 60.0  # at most between two looks of a probe that raises
HUNG_COOL_DOWN_S: Final = 300.0
IDLE_S: Final = 60.0
HUNG_MOST: Final = 8  # threads lost to devices that never answer
_log = logging.getLogger("anjungan.sampler")


class _Slot:
    """One probe and where it stands."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self.belief = Belief(probe.confirm)
        self.due = 0.0
        self.look: Look | None = None
        self.limit = 0.0
        self.hung = False
        self.failures = 0

    @property
    def looking(self) -> bool:
        return self.look is not None and not self.hung

    @property
    def moment(self) -> float:
        """When something is to be done about it, if nothing happens."""
        return self.limit if self.looking else self.due


class Sampler:
    """`sink` is called in the sampler's thread, for each believed observation.

    `phase_s` shifts this kiosk's grid, so that a fleet does not look in step.
    """

    def __init__(
        self,
        probes: Iterable[Probe],
        sink: Sink,
        monotonic: Clock = time.monotonic,
        wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        phase_s: float = 0.0,
    ) -> None:
        self._slots = {probe.name: _Slot(probe) for probe in probes}
        self._sink = sink
        self._monotonic = monotonic
        self._wall_ms = wall_ms
        self._phase = phase_s
        self._done: SimpleQueue[Look | None] = SimpleQueue()
        self._runners = Runners(self._done)
        self._lost: set[Look] = set()  # given up, not yet returned
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)
        self._stopping = False
        self.back_by = monotonic()
        """The moment by which the loop means to be awake again: beyond it, it hangs."""

    @property
    def hung(self) -> int:
        """Threads that a device keeps."""
        return len(self._lost) + sum(slot.hung for slot in self._slots.values())

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when no sighting will come any more."""
        self._stopping = True
        self._done.put(None)
        if self._thread.ident is not None:
            self._thread.join(10.0)
        self._runners.close()

    def _run(self) -> None:
        while not self._stopping:
            now = self._monotonic()
            for slot in self._slots.values():
                if not slot.looking and slot.due <= now + TOGETHER_S:
                    self._look(slot)
            self._give_up_on_the_late()
            self._sleep()

    def _look(self, slot: _Slot) -> None:
        now = self._monotonic()
        if slot.look is not None:
            if self.hung >= HUNG_MOST:
                slot.due = now + HUNG_COOL_DOWN_S
                return
            self._lost.add(slot.look)
        slot.hung = False
        slot.limit = now + slot.probe.timeout_s
        look = slot.look = self._runners.begin(slot.probe)
        overtake = now + PATIENCE_S
        while slot.look is look and not self._stopping and self._take(overtake):
            pass

    def _sleep(self) -> None:
        now = self._monotonic()
        moment = min((slot.moment for slot in self._slots.values()), default=now + IDLE_S)
        self.back_by = max(moment, now)
        self._take(self.back_by)

    def _take(self, until: float) -> bool:
        """Handles one finished look; False when none came until then."""
        try:
            look = self._done.get(timeout=max(0.0, until - self._monotonic()))
        except Empty:
            return False
        if look is None:
            return False
        self._finish(look)
        return True

    def _finish(self, look: Look) -> None:
        slot = self._slots[look.probe.name]
        if look in self._lost:
            self._lost.remove(look)
            return
        slot.look = None
        if slot.hung:  # too late to be believed, but the device is back: ask it again
            slot.hung = False
            slot.due = self._monotonic() + CONFIRM_AFTER_S
            return
        at, latency_ms = self._wall_ms(), look.latency_s * 1000
        name = look.probe.name
        if look.error is not None:
            error = f"{type(look.error).__name__}: {look.error}"
            observation = failed(name, f"the probe failed: {error}", at, latency_ms)
            slot.failures += 1
        else:
            observation = stamp(name, look.finding, at, latency_ms)
            slot.failures = 0
        self._believe(slot, observation)

    def _believe(self, slot: _Slot, observation: Observation) -> None:
        now, period = self._monotonic(), slot.probe.period_s
        sighting = slot.belief.weigh(observation)
        if sighting is None:
            slot.due = now + min(CONFIRM_AFTER_S, period)
            return
        if slot.failures:
            slot.due = now + min(period * 2.0 ** min(slot.failures, 16), max(period, COOL_DOWN_S))
        else:
            slot.due = self._next_on_grid(now, period)
        self._tell(sighting)

    def _give_up_on_the_late(self) -> None:
        now = self._monotonic()
        for slot in self._slots.values():
            if not slot.looking or now < slot.limit:
                continue
            slot.hung = True
            slot.failures = 0
            why = f"no answer within {slot.probe.timeout_s:g} s"
            limit_ms = slot.probe.timeout_s * 1000
            seen = failed(slot.probe.name, why, self._wall_ms(), limit_ms)
            self._believe(slot, seen)
            slot.due = now + HUNG_COOL_DOWN_S

    def _next_on_grid(self, now: float, period: float) -> float:
        """The first moment of this period's grid that is not just now."""
        passed = (now + TOGETHER_S - self._phase) // period + 1
        return self._phase + passed * period

    def _tell(self, sighting: Sighting) -> None:
        try:
            self._sink(sighting)
        except Exception:  # noqa: BLE001 - a sink in trouble must not blind the kiosk
            _log.exception("nobody took what %s saw", sighting.observation.probe)
