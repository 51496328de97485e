"""Citizens hand in while everything around them is cut: line, power, portal, agent, office.

Owns the dice and the count: every number that was shown must be at the office once in the end. The
child is the real process, killed wherever it is; the disk is one whose power can be cut, where this
machine may mount; the door stops and starts anew, and the registrar is away for a while.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

from agent.actions.stop import TimeUp
from portal.handing import TrayFull
from tests.agent.identity.cuts import NoPower, PowerDisk
from tests.support.delivery import Delivery
from tests.support.door import Door
from tests.support.registrar import Registry
from tests.support.swept_kiosk import disk_of_its_own
from tests.support.tcp_proxy import Proxy, Weather, proxied
from tests.support.wait import until

ROOT: Final = Path(__file__).parents[2]
WITHIN_S: Final = 60.0
DISK_MIB: Final = 64  # what the tray leaves free, and some


class Storm:
    """`cuts` says how often each thing was cut; `shown` every number that a citizen saw."""

    def __init__(
        self, delivery: Delivery, disk: PowerDisk | NoPower, proxy: Proxy, dice: Random
    ) -> None:
        self.delivery, self._disk, self._proxy, self._dice = delivery, disk, proxy, dice
        self._hands = delivery.handing()
        self._child: subprocess.Popen[bytes] | None = None
        self.shown: list[str] = []
        self._events: dict[str, Callable[[], None]] = {
            "line": self._line,
            "power": self._power,
            "portal": self._portal,
            "agent": self._agent,
            "office": self._office,
            "registrar": self._registrar,
        }
        self.cuts = dict.fromkeys(self._events, 0)

    def run(self, count: int, apart: int, within_s: float = WITHIN_S) -> None:
        """So many hand in; something is cut after `apart` of them on average."""
        for _ in range(count):
            self.shown.append(self._hand_in(within_s))
            if self._child is None or self._child.poll() is not None:
                self._start()
            if self._dice.random() < 1 / apart:
                name = self._dice.choice([*self._events])
                self.cuts[name] += 1
                self._events[name]()

    def _hand_in(self, within_s: float) -> str:
        """A tray that is full takes nothing more: then the next citizen comes after the storm."""
        try:
            return self.delivery.hand_in(self._hands).number
        except TrayFull:
            self.calm(within_s)
            return self.delivery.hand_in(self._hands).number

    def calm(self, within_s: float = WITHIN_S) -> None:
        """Everything is well again, and the child has brought away what is left."""
        self._kill()
        self._proxy.weather = Weather()
        self._return(self.delivery.registry.socket)
        until(self._is_empty, within_s)

    def _is_empty(self) -> bool:
        try:
            said = self.delivery.round()
        except TimeUp:
            return False  # as the child, which leaves and is started again
        assert said.refused == 0, said.why
        if "requests a minute" in said.why:
            self._office()  # a door that was started anew has counted nothing yet
        return said.records == 0

    def _start(self) -> None:
        words = [sys.executable, "-m", "agent.submissions", "--config", str(self.delivery.file)]
        self._child = subprocess.Popen(
            [*words, "--asked"], cwd=ROOT, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )

    def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait(WITHIN_S)
            self._child = None

    def _agent(self) -> None:
        """Wherever the child is by then: it starts, it speaks, it removes."""
        until(_after(self._dice.uniform(0.0, 0.6)), WITHIN_S)
        self._kill()

    def _line(self) -> None:
        self._proxy.weather = self._dice.choice(
            [
                Weather(partition=True),
                Weather(cut_after=self._dice.randrange(4_000), reset=True),
                Weather(cut_after=self._dice.randrange(4_000)),
                Weather(),
            ]
        )

    def _portal(self) -> None:
        self._hands = self.delivery.handing()

    def _power(self) -> None:
        self._kill()
        self._disk.cut_power()
        self._portal()

    def _office(self) -> None:
        self.delivery.door.restart()

    def _registrar(self) -> None:
        """Away, or back again."""
        socket = self.delivery.registry.socket
        away = socket.with_suffix(".away")
        if socket.exists():
            socket.rename(away)
        else:
            self._return(socket)

    def _return(self, socket: Path) -> None:
        away = socket.with_suffix(".away")
        if away.exists():
            away.rename(socket)
        while self.delivery.registry.clerk.step():
            """What arrived meanwhile is judged, as its loop does."""


@contextmanager
def raging(
    folder: Path, registry: Registry, door: Door, dice: Random, disk_mib: int = DISK_MIB
) -> Iterator[Storm]:
    """`door` listens already, and asks the registry, which listens as well."""
    folder.mkdir()
    door.warden.start()
    with disk_of_its_own(disk_mib) as disk, proxied(door.port) as proxy:
        url = f"https://127.0.0.1:{proxy.port}"
        yield Storm(Delivery(folder, registry, door, url, disk.folder / "tray"), disk, proxy, dice)


def _after(seconds: float) -> Callable[[], bool]:
    over = time.monotonic() + seconds
    return lambda: time.monotonic() >= over
