"""One kiosk says ten thousand messages a second: what twenty others notice of it.

The whole road with certificates. The yardstick of each figure is the same delay of the same
kiosks, from publish to acknowledged as stored, in the seconds before the flood. `first` is from
the flood's beginning until the broker has ended the flooder's connection; `muted` is afterwards,
while it goes on saying what the broker refuses. The flooder takes a core of this machine itself.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from controller.store.migrate import migrate
from tests.bench.figures import Figure
from tests.bench.processes import wait_until
from tests.support.reporters import Reporters, Took
from tests.support.secure import Paper, SecureOffice
from wire.topics import partition_of

LOUD = "flood-1"
RATE = 10_000.0
FLOOD_S = 12.0
CALM_S = 8.0
NAMES = [f"kiosk-{number}" for number in range(400)]
SAME = [name for name in NAMES if partition_of(name) == partition_of(LOUD)][:10]
ELSEWHERE = [name for name in NAMES if partition_of(name) != partition_of(LOUD)][:10]
PATIENT = ("--roll-call-s", "10", "--roll-call-grace-s", "20")


class Run(NamedTuple):
    """Times are time.time()."""

    took: list[Took]
    begun: float
    muted: float
    ended: float
    sent: int


def bench() -> Iterator[Figure]:
    for qos in (0, 1):
        with TemporaryDirectory() as name:
            run = _run(Path(name), qos)
        yield from _figures(run, f"flood.qos{qos}")


def _figures(run: Run, name: str) -> Iterator[Figure]:
    rate = run.sent / FLOOD_S
    note = f"from its first message; it said {rate:.0f} a second"
    yield Figure(f"{name}.muted_s", run.muted - run.begun, "s", None, "", note)
    yield Figure(f"{name}.ended_s", run.ended - run.begun, "s", None, "<= 5", "by the broker")
    for where, names in (("same", SAME), ("elsewhere", ELSEWHERE)):
        took = [one for one in run.took if one.kiosk in names]
        before = [one for one in took if one.at < run.begun]
        first = [one for one in took if run.begun <= one.at < run.ended]
        after = [one for one in took if run.ended <= one.at < run.begun + FLOOD_S]
        calm = _ms(before)
        yield Figure(f"{name}.{where}.first_ms", _ms(first), "ms", calm, "", "median")
        goal = f"<= {2 * calm:.0f}"
        yield Figure(f"{name}.{where}.muted_ms", _ms(after), "ms", calm, goal, "median, < 2x")
        worst = max(one.seconds for one in took) * 1000
        yield Figure(f"{name}.{where}.worst_ms", worst, "ms", None, "", "of all")


def _run(folder: Path, qos: int) -> Run:
    url = f"sqlite:///{folder}/office.db"
    migrate(url)
    office = SecureOffice(folder, url)
    office.books.register(LOUD, *SAME, *ELSEWHERE)
    try:
        office.start()
        office.start_controller("office", *PATIENT)
        paper = office.enrol(LOUD)
        others = Reporters({n: office.door(office.enrol(n)) for n in (*SAME, *ELSEWHERE)})
        others.start()
        try:
            return _flooded(office, others, paper, qos)
        finally:
            others.stop()
    finally:
        office.stop()


def _flooded(office: SecureOffice, others: Reporters, paper: Paper, qos: int) -> Run:
    time.sleep(CALM_S)
    flood = office.start_flood(paper, qos=qos, seconds=FLOOD_S, rate=RATE)
    wait_until(lambda: office.muted(LOUD), 60, "the mute")
    muted = time.time()
    wait_until(lambda: _said(flood.log)[-1:] and _said(flood.log)[-1].get("done"), 60, "its end")
    said = _said(flood.log)
    begun = next(one["begun"] for one in said if "begun" in one)
    ended = next(one["at"] for one in said if "at" in one)
    return Run(list(others.took), begun, muted, ended, int(said[-1]["sent"]))


def _said(log: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def _ms(took: list[Took]) -> float:
    return median([one.seconds for one in took] or [0.0]) * 1000
