"""Everybody on a command's way ended at every step of it: the kiosk, the office, the broker.

The kiosk at every system call, for every kind of command; the office (controller, web process,
door) at every statement, commit and message; the broker at every message and acknowledgement.
Killed and, where this machine may mount, the power cut: the number of points, and that at each the
promises held. A promise that is broken is named and ends the bench with a missed goal.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.agent.identity.cuts import NoPower, PowerDisk
from tests.bench.figures import Figure
from tests.support import swept_stories
from tests.support.swept_broker import Loss
from tests.support.swept_kiosk import disk_of_its_own, points
from tests.support.swept_office import Books, Machine, Mains, books
from wire.actions import KINDS

LOSSES: Final[tuple[Loss, ...]] = ("lost", "kept", "old")
AGAIN: Final = 7  # moments after the first end comes the second
LONG: Final = {"returned": 5}
"""Stories in which kiosks are waited for: housekeeping alone makes most of their moments. All of
them are swept once, by a kill; of the rest each fifth."""

Line = tuple[str, Callable[[], Iterable[object]]]


class _Sum:
    """Of one side: its lines as figures, and then how much that was."""

    def __init__(self, side: str) -> None:
        self._side = side
        self.points, self.broken = 0, 0

    def figures(self, lines: Iterable[Line], goal: str) -> Iterator[Figure]:
        for name, tell in lines:
            found, note = 0, ""
            try:
                for _ in tell():
                    found += 1
            except AssertionError as error:
                self.broken += 1
                note = str(error)
            self.points += found
            yield Figure(f"sweep.{name}", found, "points", note=note)
        yield Figure(f"sweep.{self._side}", self.points, "points", goal=goal)


def bench() -> Iterator[Figure]:
    kiosk, office, broker = _Sum("kiosk"), _Sum("office"), _Sum("broker")
    with tempfile.TemporaryDirectory() as folder:
        made = books(Path(folder))
        yield from office.figures(_office(made), ">= 800")
        yield from broker.figures(_broker(made), ">= 200")
    for kind in KINDS:
        yield from list(_kiosk(kind, kiosk))
    yield Figure("sweep.kiosk", kiosk.points, "points", goal=">= 1000")
    sides = (kiosk, office, broker)
    yield Figure("sweep.points", sum(one.points for one in sides), "points", goal=">= 2000")
    broken = sum(one.broken for one in sides)
    verdict = "no double effect, no lost result, nothing runs for ever" if not broken else "BROKEN"
    yield Figure("sweep.broken", broken, "promises", goal="<= 0", note=verdict)


def _kiosk(kind: str, total: _Sum) -> Iterator[Figure]:
    with disk_of_its_own() as disk:

        def tell(cut: str) -> Callable[[], Iterable[object]]:
            return lambda: points(disk, kind, cut)

        cuts = ("kill", "power") if isinstance(disk, PowerDisk) else ("kill",)
        *lines, _ = total.figures([(f"{kind}.{cut}", tell(cut)) for cut in cuts], "")
        yield from lines


def _office(made: Books) -> Iterator[Line]:
    def tell(name: str, *, power: bool, again: int) -> Callable[[], Iterable[object]]:
        return lambda: _told(made, name, power=power, again=again)

    for name in swept_stories.STORIES:
        yield f"office.{name}.kill", tell(name, power=False, again=0)
        yield f"office.{name}.kill_twice", tell(name, power=False, again=AGAIN)
        yield f"office.{name}.power", tell(name, power=True, again=0)


def _broker(made: Books) -> Iterator[Line]:
    def tell(name: str, loss: Loss) -> Callable[[], Iterable[object]]:
        return lambda: _told(made, name, broker=loss)

    for name in swept_stories.STORIES:
        for loss in LOSSES:
            yield f"broker.{name}.{loss}", tell(name, loss)


def _told(
    made: Books, name: str, *, power: bool = False, again: int = 0, broker: Loss | None = None
) -> Iterator[object]:
    with disk_of_its_own() as disk:
        if power and isinstance(disk, NoPower):
            return
        step = LONG.get(name, 1) if power or again else 1
        machine = Mains(disk) if power and isinstance(disk, PowerDisk) else Machine(disk.folder)
        yield from swept_stories.points(made, machine, name, step=step, again=again, broker=broker)
