"""Ten thousand connected kiosks commanded at once and answered: one job, one wave, one controller.

Real Mosquitto, SQLite and the controller; the kiosks are raw connections of the load players, which
check no signature: what is measured is the office. From the asking (the job with all its commands)
to the last result stored. All are connected all the time; the job names some, more, then all of
them; the slope is carried on to a nation. Yardstick: the same orders, made beforehand, published
by a bare client to the same kiosks through the same broker, until the last answer was received.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import func, select

from controller import bell
from controller.deeds import Doer
from controller.jobs import ask as asking
from controller.jobs.asked import Asked
from controller.people.powers import EVERYWHERE, Grant, Person
from controller.store.command_tables import command
from controller.store.engine import writing
from controller.store.tables import kiosk, kiosk_status, thread
from provisioning.players.sayings import name_of
from tests.bench.echo_client import plain, subscriber
from tests.bench.figures import Figure
from tests.bench.office import Office, office
from tests.bench.processes import cpu_seconds, wait_until
from tests.support.signing import Ceremony
from wire import topics
from wire.codec import encode

KIOSKS = int(os.environ.get("BENCH_KIOSKS", "10000"))
NATION: Final = 84_000
PATIENCE_S: Final = 180.0
ASKER = Doer(Person(1, "pagi", "Teknisi pagi", (Grant("admin", ""),)), EVERYWHERE, "192.0.2.7")


def bench() -> Iterator[Figure]:
    names = [name_of(number + 1) for number in range(KIOSKS)]
    ceremony = Ceremony()
    with office(names, ceremony) as one, _connected(one):
        took: dict[int, float] = {}
        for count in (KIOSKS // 4, KIOSKS // 2, KIOSKS):
            cpu = cpu_seconds(one.controller)
            took[count], asked_s = _command(one, names[:count])
            cpu = cpu_seconds(one.controller) - cpu
            goal = "<= 15" if count == 10_000 else ""
            note = f"asking {asked_s:.1f} s of it; controller {1000 * cpu / count:.2f} ms a kiosk"
            yield Figure(f"commands.wave_{count}", took[count], "s", None, goal, note)
        bare = _bare(one, ceremony)
    whole, part = took[KIOSKS], took[KIOSKS // 4]
    slope = (whole - part) / (KIOSKS - KIOSKS // 4)
    nation = whole + slope * (NATION - KIOSKS)
    yield Figure("commands.wave", whole, "s", bare, "", f"{KIOSKS} kiosks, beside bare MQTT")
    yield Figure("commands.wave_nation", nation, "s", None, "", f"{NATION}, by the slope")


@contextmanager
def _connected(one: Office) -> Iterator[None]:
    """All kiosks, each online with a nonce, and the office at rest."""
    how = ("--kiosks", str(KIOSKS), "--rate", "0", "--seconds", "3600", "--policy", "1")
    module = (sys.executable, "-m", "provisioning.players.load", "--broker", one.door)
    load = subprocess.Popen([*module, *how], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _online(one) == KIOSKS, PATIENCE_S, "all kiosks")
        _rest(one)
        yield
    finally:
        load.kill()
        load.wait()


def _online(one: Office) -> int:
    query = (
        select(func.count())
        .select_from(kiosk_status)
        .join(thread, thread.c.kiosk_id == kiosk_status.c.kiosk_id)
    )
    with one.engine.connect() as conn:
        there = query.where(kiosk_status.c.presence == "online", thread.c.nonce != "")
        return conn.scalar(there) or 0


def _rest(one: Office) -> None:
    """Until the controller has next to nothing to do."""

    def idle() -> bool:
        before = cpu_seconds(one.controller)
        time.sleep(1.0)
        return cpu_seconds(one.controller) - before < 0.3

    wait_until(idle, PATIENCE_S, "a controller at rest")


def _command(one: Office, names: list[str]) -> tuple[float, float]:
    """Seconds from asking to the last result stored, and those of the asking alone."""
    began = time.perf_counter()
    wish = asking.Wish("noop", {}, Asked(tuple(names)), why="bench")
    with writing(one.engine) as conn:
        job = asking.ask(conn, ASKER, wish, time.time_ns() // 1_000_000)
    bell.ring(one.engine)
    asked = time.perf_counter() - began
    query = select(func.count()).where(command.c.job_id == job, command.c.state == "succeeded")

    def done() -> bool:
        with one.engine.connect() as conn:
            return conn.scalar(query) == len(names)

    wait_until(done, PATIENCE_S, f"{len(names)} results")
    took = time.perf_counter() - began
    _rest(one)
    return took, asked


def _bare(one: Office, ceremony: Ceremony) -> float:
    """Seconds from the first order published to the last answer received, nothing stored."""
    query = select(kiosk.c.name, thread.c.nonce).join_from(kiosk, thread)
    with one.engine.connect() as conn:
        nonces = [(row[0], row[1]) for row in conn.execute(query)]
    made = [
        (topics.down(name, "orders"), encode(ceremony.orders(name, nonce, ceremony.envelope(name))))
        for name, nonce in nonces
    ]
    one.controller.suspend()  # the yardstick has the machine to itself, as the controller had
    try:
        return _echoed(one, made)
    finally:
        one.controller.resume()


def _echoed(one: Office, made: list[tuple[str, bytes]]) -> float:
    client = plain("bench-bare", len(made))
    ready, there, heard = threading.Event(), threading.Event(), [0]

    def count(*_: object) -> None:
        heard[0] += 1
        if heard[0] == len(made):
            there.set()

    client.on_message = count
    client.on_subscribe = lambda *_: ready.set()
    client.on_connect = subscriber(client, f"{topics.ROOT}/+/+/up/result")
    client.connect(one.broker.host, one.broker.port)
    client.loop_start()
    ready.wait(PATIENCE_S)
    began = time.perf_counter()
    for topic, payload in made:
        client.publish(topic, payload, qos=1)
    if not there.wait(PATIENCE_S):
        raise TimeoutError(f"{heard[0]} of {len(made)} answers")
    took = time.perf_counter() - began
    client.disconnect()
    client.loop_stop()
    return took
