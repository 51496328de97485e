"""How many reports one controller stores durably, at what cost, and how soon they are visible.

Load players speak real MQTT 5 to a real Mosquitto; the controller commits to SQLite with full
synchronisation; everything shares this machine. Lost is counted by sequence number, kiosk by
kiosk. The yardstick is a bare subscriber under the same load in the same run, which only counts.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import psutil
from sqlalchemy import select

from controller.store.tables import kiosk, thread
from provisioning.players.sayings import name_of
from tests.bench.figures import Figure
from tests.bench.office import Office, office
from tests.bench.processes import cpu_seconds, percentile, wait_until
from tests.bench.visible import delays

KIOSKS = 5_000
OFFERED = 6_500  # a second: more than the goal, so that the goal is not the cap
SECONDS = 20.0
NATION = 1_400  # reports a second of 84,000 kiosks at one a minute
PROBE = "bench-probe"


class Sample(NamedTuple):
    at: float
    stored: int
    cpu_s: float


def bench() -> Iterator[Figure]:
    names = [name_of(n + 1) for n in range(KIOSKS)]
    with office([*names, PROBE]) as one:
        yield from _rate(one)
    with office([*names, PROBE]) as one:
        yield from _delay(one)


def _rate(one: Office) -> Iterator[Figure]:
    before = one.stored()
    report, samples = _under_load(one, lambda: (one.stored(), cpu_seconds(one.controller)))
    lost = _lost(one, report["threads"])
    whole = samples[-1].stored - before
    first, last = samples[2], samples[-3]  # without the ramp and the tail
    rate = (last.stored - first.stored) / (last.at - first.at)
    cpu_ms = 1000 * (last.cpu_s - first.cpu_s) / (last.stored - first.stored)
    bare_rate, bare_ms = _bare(one)
    note = f"{KIOSKS} kiosks, {OFFERED}/s offered, {SECONDS:.0f} s"
    yield Figure("ingest.stored_rate", rate, "reports/s", bare_rate, ">= 5000", note)
    yield Figure("ingest.cpu_per_report", cpu_ms, "ms", bare_ms, "<= 0.2", "controller process")
    yield Figure("ingest.lost", lost, "reports", None, "<= 0", f"of {whole}, by sequence")


def _delay(one: Office) -> Iterator[Figure]:
    with _load(one, NATION, SECONDS + 5) as load:
        visible, received = delays(one, PROBE, SECONDS)
        load.wait(timeout=60)
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        value, yardstick = percentile(visible, share), percentile(received, share)
        goal = "<= 1" if name == "p99" else ""
        note = f"{len(visible)} reports among {NATION}/s"
        yield Figure(f"ingest.visible_{name}", value, "s", yardstick, goal, note)


def _under_load(
    one: Office, look: Callable[[], tuple[int, float]]
) -> tuple[dict[str, Any], list[Sample]]:
    """The load's own report, and what `look` saw every half second of the sending."""
    samples: list[Sample] = []
    out = one.folder / f"load-{time.monotonic_ns()}.json"
    with _load(one, OFFERED, SECONDS, "--threads", "--json", str(out)) as load:
        while load.poll() is None:
            samples.append(Sample(time.monotonic(), *look()))
            time.sleep(0.5)
    report: dict[str, Any] = json.loads(out.read_text())
    busy = [s for a, s in pairwise(samples) if s.stored - a.stored > OFFERED / 8]
    return report, busy


class _load:  # noqa: N801 - reads as the block it is
    """A load process that has connected all its kiosks; ended with the block if still there."""

    def __init__(self, one: Office, rate: float, seconds: float, *more: str) -> None:
        module = (sys.executable, "-m", "provisioning.players.load", "--broker", one.door)
        how = ("--kiosks", str(KIOSKS), "--rate", str(rate), "--seconds", str(seconds))
        self.process = subprocess.Popen([*module, *how, *more], stdout=subprocess.PIPE)

    def __enter__(self) -> "subprocess.Popen[bytes]":
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith(b"ready"), "the load could not connect"
        return self.process

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def _lost(one: Office, threads: dict[str, list[Any]]) -> int:
    """Sequence numbers sent and not stored, over all kiosks, when the backlog is worked off."""

    def missing() -> int:
        query = select(kiosk.c.name, thread.c.seq).join_from(kiosk, thread)
        with one.engine.connect() as conn:
            stored = dict(conn.execute(query).tuples().all())
        return sum(max(0, last - stored.get(n, -1)) for n, (_, _, last) in threads.items())

    try:
        wait_until(lambda: missing() == 0, 30, "the backlog")
    except TimeoutError:
        return missing()
    return int(sum(one.counters()["anjungan_missing_total"].values()))


def _bare(one: Office) -> tuple[float, float]:
    """Messages a second and milliseconds of processor a message, of the bare subscriber."""
    module = (sys.executable, "-m", "tests.bench.bare_subscriber")
    where = (one.broker.host, str(one.broker.port))
    bare = subprocess.Popen([*module, *where], stdout=subprocess.PIPE, text=True)
    assert bare.stdout is not None
    bare.stdout.readline()
    process = psutil.Process(bare.pid)
    one.controller.suspend()  # the yardstick has the machine to itself, as the controller had
    try:
        cpu = cpu_seconds(process)
        report, _ = _under_load(one, lambda: (0, 0.0))
        cpu = cpu_seconds(process) - cpu
        bare.send_signal(signal.SIGTERM)
        counted = int(bare.stdout.readline())
    finally:
        one.controller.resume()
        bare.kill()
        bare.wait()
    sent = report["rate"] * report["seconds"]
    before = report["published"] - sent  # births and first pictures, ahead of the sending
    return (counted - before) / report["seconds"], 1000 * cpu / max(1, counted)
