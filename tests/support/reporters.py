"""Kiosks that report facts now and then, and note how long each takes to be stored.

From publish to the office's acknowledgement, which it says only of what is stored: the way back is
in it, so the true delay is a little less. A thread each; what is dropped on the way is said again.
"""

import threading
import time
from contextlib import suppress
from random import Random
from typing import NamedTuple

from tests.support.mqtt import Closed, Door, Player
from tests.support.office import Teller, seen
from wire import topics
from wire.codec import decode_down, encode, kind_of
from wire.messages import Ack, Observation, Rebirth, Up

AGAIN_S = 5.0
PAUSE_S = (0.1, 0.4)


class Took(NamedTuple):
    """One fact: when it was said (time.time) and after how many seconds it was stored."""

    kiosk: str
    at: float
    seconds: float


class Reporter:
    """One kiosk. `again` counts what had to be said twice."""

    def __init__(self, door: Door, name: str, took: list[Took], stop: threading.Event) -> None:
        self.name, self.again, self.born = name, 0, threading.Event()
        self._door, self._took, self._stop = door, took, stop
        self._teller = Teller(name)
        self._dice = Random(name)
        self.thread = threading.Thread(target=self._run, name=name)

    def _run(self) -> None:
        with Player(self._door, self.name, timeout_s=30.0) as line:
            line.subscribe(*topics.kiosk_filters(self.name))
            self._birth(line)
            while not self._stop.wait(self._dice.uniform(*PAUSE_S)):
                self._report(line)
                self.born.set()

    def _report(self, line: Player) -> None:
        teller, start, at = self._teller, time.monotonic(), time.time()
        teller.now = int(at * 1000)
        teller.facts += 1
        self._say(line, teller.flip(self._seen(), fact=teller.facts))
        while not self._stop.is_set():
            heard = self._heard(line)
            if isinstance(heard, Ack) and heard.upto >= teller.facts:
                self._took.append(Took(self.name, at, time.monotonic() - start))
                return
            if heard is None or isinstance(heard, Rebirth):
                self.again += 1
                self._birth(line)
                self._say(line, teller.flip(self._seen(), fact=teller.facts))

    def _seen(self) -> Observation:
        return seen("printer", "ok" if self._teller.facts % 2 else "warn", at=self._teller.now)

    def _birth(self, line: Player) -> None:
        self._teller.now = time.time_ns() // 1_000_000
        self._say(line, self._teller.birth(oldest=max(1, self._teller.facts)))

    def _say(self, line: Player, message: Up) -> None:
        line.post(topics.up(self.name, kind_of(message)), encode(message))

    def _heard(self, line: Player) -> object:
        """None when nothing came for long."""
        try:
            packet = line.next(AGAIN_S)
        except TimeoutError:
            return None
        return decode_down(topics.kind_of_down(packet.topic), packet.payload)


class Reporters:
    """All of them; `took` grows until `stop`."""

    def __init__(self, doors: dict[str, Door]) -> None:
        self.took: list[Took] = []
        self._stop = threading.Event()
        self.all = [Reporter(door, name, self.took, self._stop) for name, door in doors.items()]

    def start(self) -> None:
        """Until each was stored once."""
        for one in self.all:
            one.thread.start()
        for one in self.all:
            assert one.born.wait(60), one.name

    @property
    def again(self) -> int:
        return sum(one.again for one in self.all)

    def stop(self) -> None:
        self._stop.set()
        for one in self.all:
            with suppress(Closed):
                one.thread.join(60)
