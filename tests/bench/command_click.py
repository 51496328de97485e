"""From a person's click to the stored result of a no-op on a connected kiosk.

The whole office with certificates (warden, keeper with Mosquitto, door, one controller, SQLite) and
the real agent in its own process with its ledger on the disk. A click is what console and programs
do: the job stored, the bell rung. The end is the command's row saying `succeeded`, seen through
SQLite's data_version, which is asked two thousand times a second: an answer found late by that much
at most. Yardstick, turn by turn in the same run: a request and its answer over the same broker and
the same two doors between two processes, QoS 1 both ways, that store nothing. Once on this machine,
where all of the time is work and what a disk takes; once through a line as kiosks have it.
"""

import itertools
import os
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from agent.identity.slots import Slots
from controller.store.migrate import migrate
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.devices.line import Line
from tests.bench import echo_client
from tests.bench.figures import Figure
from tests.bench.processes import percentile, running
from tests.support.command_office import CommandOffice
from tests.support.wait import until
from wire import topics

KIOSK, BARE = "bench-kiosk", "bench-bare"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "200"))
ROADS = {"click": 0.0, "far_click": 0.025}  # seconds each way: a kiosk on a mobile network
WARM_UP = 10
LOOK_S = 0.0005
PATIENCE_S = 30.0
AGENT = """\
kiosk = "{kiosk}"
state_dir = "{state}"
[door]
url = "https://127.0.0.1:{door}"
[broker]
host = "127.0.0.1"
port = {port}
[probes]
system = false
disk = false
network = false
temperature = false
power = false
screen = false
"""


class Took(NamedTuple):
    """Seconds."""

    clicks: list[float]
    bare: list[float]


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as name, _office(Path(name)) as office:
        homes = {name: office.folder / name for name in (KIOSK, BARE)}
        office.join(homes)
        for road, delay_s in ROADS.items():
            with _far(office, delay_s) as ports:
                took = _measure(office, homes, ports)
            yield from _figures(road, took, delay_s)


def _figures(road: str, took: Took, delay_s: float) -> Iterator[Figure]:
    way = f"a line of {2000 * delay_s:.0f} ms there and back" if delay_s else "this machine"
    note = f"{len(took.clicks)} each, turn by turn; {way}"
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        value, yardstick = (1000 * percentile(one, share) for one in took)
        yield Figure(f"commands.{road}_{name}", value, "ms", yardstick, "", note)
    ratio = statistics.median(took.clicks) / statistics.median(took.bare)
    yield Figure(f"commands.{road}_ratio", ratio, "x", 1.0, "<= 1.5", f"to bare MQTT, {way}")


@contextmanager
def _office(folder: Path) -> Iterator[CommandOffice]:
    url = f"sqlite:///{folder}/office.db"
    migrate(url)
    office = CommandOffice(folder, url)
    try:
        office.open()
        yield office
    finally:
        office.close()


@contextmanager
def _far(office: CommandOffice, delay_s: float) -> Iterator[tuple[int, int]]:
    """Where agent and yardstick find the broker: its own port, or a line of their own each."""
    if not delay_s:
        yield office.port, office.port
        return
    loop = DeviceLoop()
    lines = [Line(loop, "127.0.0.1", office.port, delay_s) for _ in range(2)]
    try:
        yield lines[0].port, lines[1].port
    finally:
        for line in lines:
            line.close()
        loop.close()


def _measure(office: CommandOffice, homes: dict[str, Path], ports: tuple[int, int]) -> Took:
    config = office.folder / "agent.toml"
    config.write_text(
        AGENT.format(kiosk=KIOSK, state=homes[KIOSK], door=office.door_port, port=ports[0])
    )
    mine = Slots(homes[BARE]).link
    papers = [str(mine / file) for file in ("server-ca.pem", "cert.pem", "key.pem")]
    far = ("-m", "tests.bench.echo_client", str(ports[1]), BARE, *papers)
    agent = ("-m", "agent", "--config", str(config))
    with (
        running(*agent, log=office.folder / "agent.log"),
        running(*far, log=office.folder / "echo.log"),
        _near(office) as ask,
        closing(sqlite3.connect(office.folder / "office.db")) as seen,
    ):
        until(lambda: office.presence(KIOSK) == "online", PATIENCE_S)
        return _turns(lambda: _click(office, seen), ask)


def _turns(click: Callable[[], float], ask: Callable[[], float]) -> Took:
    for _ in range(WARM_UP):
        click(), ask()
    took = Took([], [])
    for _ in range(ROUNDS):
        took.clicks.append(click())
        time.sleep(0.02)  # neither begins in the other's wake
        took.bare.append(ask())
        time.sleep(0.02)
    return took


def _click(office: CommandOffice, seen: sqlite3.Connection) -> float:
    began = time.perf_counter()
    job = office.ask("noop", [KIOSK])
    query = "SELECT state FROM command WHERE job_id = ?"
    version = None
    while time.perf_counter() < began + PATIENCE_S:
        now = seen.execute("PRAGMA data_version").fetchone()[0]
        if now != version:
            version = now
            if seen.execute(query, (job,)).fetchone()[0] == "succeeded":
                return time.perf_counter() - began
        time.sleep(LOOK_S)
    raise TimeoutError(f"job {job}: {office.states(job)}")


@contextmanager
def _near(office: CommandOffice) -> Iterator[Callable[[], float]]:
    """The office's half of the yardstick: `ask` gives the seconds until the answer was there."""
    papers = [str(office.issued / file) for file in ("server-ca.pem", "office.crt", "office.key")]
    client = echo_client.client("bench-office", *papers)
    there, ready, count = threading.Event(), threading.Event(), itertools.count()
    client.on_message = lambda *_: there.set()
    client.on_connect = echo_client.subscriber(client, topics.up(BARE, "echo"))
    client.on_subscribe = lambda *_: ready.set()
    client.connect("127.0.0.1", office.office_port, keepalive=60)
    client.loop_start()

    def ask(within_s: float = PATIENCE_S) -> float:
        there.clear()
        began = time.perf_counter()
        client.publish(topics.down(BARE, "echo"), f"{next(count):040d}", qos=1)
        if not there.wait(within_s):
            raise TimeoutError("no answer from the yardstick")
        return time.perf_counter() - began

    def answers() -> bool:
        try:
            return ask(0.5) > 0
        except TimeoutError:
            return False

    try:
        ready.wait(PATIENCE_S)
        until(answers, PATIENCE_S)
        yield ask
    finally:
        client.disconnect()
        client.loop_stop()
