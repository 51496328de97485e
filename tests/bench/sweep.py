"""The kiosk ended at every system call between an order and its result, for every kind of command.

Killed and, where this machine may mount, its power cut: the number of points, and that at each the
promises held. A promise that is broken is named and ends the bench with a missed goal.
"""

from collections.abc import Iterator

from tests.agent.identity.cuts import PowerDisk
from tests.bench.figures import Figure
from tests.support.swept_kiosk import disk_of_its_own, points
from wire.actions import KINDS


def bench() -> Iterator[Figure]:
    total, broken = 0, 0
    for kind in KINDS:
        with disk_of_its_own() as disk:
            cuts = ("kill", "power") if isinstance(disk, PowerDisk) else ("kill",)
            for cut in cuts:
                found = 0
                note = ""
                try:
                    for _ in points(disk, kind, cut):
                        found += 1
                except AssertionError as error:
                    broken += 1
                    note = str(error)
                total += found
                yield Figure(f"sweep.{kind}.{cut}", found, "points", note=note)
    yield Figure("sweep.points", total, "points", goal=">= 1000")
    yield Figure("sweep.broken", broken, "promises", goal="<= 0")
