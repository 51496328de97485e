"""Real processes on a command's way: controller and broker killed, and a disk that is full."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from controller.store.migrate import migrate
from tests.support.broker import ProgramBroker
from tests.support.child import Child
from tests.support.controllers import QUICK, holds
from tests.support.mortal_controller import OF_COMMANDS
from tests.support.office import facts_of
from tests.support.taker import Taker
from tests.support.takers import Counter, Room, room
from tests.support.thorough import ALL
from tests.support.wait import until

ROOT = Path(__file__).parents[2]
FEW = ("sent, and not handed to the broker", "before storing what a kiosk said")
CONTROLLER = [(point, nth) for point in OF_COMMANDS for nth in (1, 2, 3) if ALL or point in FEW]
BROKER = [
    (when, kept) for when in ("before orders", "after orders", "before ack") for kept in (0, 1)
]


def now() -> int:
    return time.time_ns() // 1_000_000


def mortal(counter: Counter, point: str, nth: int, trigger: Path) -> Child:
    """A controller that dies at this moment after `trigger` is there. It has begun on return."""
    begun = "SELECT coalesce(max(started_at), 0) FROM controller WHERE link = 'up'"
    with counter.office.engine.connect() as conn:
        before = conn.scalar(text(begun))
    door = f"{counter.door.host}:{counter.door.port}"
    args = [sys.executable, "-m", "tests.support.mortal_controller", point, str(nth)]
    args += ["--database", counter.url, "--broker", door, "--command-key", str(counter.key)]
    env = {"PYTHONPATH": str(ROOT), "MORTAL_AFTER": str(trigger)}
    child = Child([*args, *QUICK], counter.folder / "mortal.log", env)

    def stands() -> bool:
        with counter.office.engine.connect() as conn:
            return (conn.scalar(text(begun)) or 0) > (before or 0)

    until(stands, 30)
    return child


def test_controllers_killed_one_after_the_other_within_commands_do_each_once(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    counter = Counter(sqlite_url, mosquitto, tmp_path, "kiosk-1")
    kiosk = Taker("kiosk-1", counter.bureau.policy)
    with room(mosquitto, kiosk, now()) as one:
        moments = CONTROLLER if ALL else CONTROLLER[::3]
        for number, (point, nth) in enumerate(moments):
            trigger = tmp_path / f"now-{number}"
            child = mortal(counter, point, nth, trigger)
            one.begin_again()
            trigger.touch()
            for _ in range(nth + 3):
                _asks_until_it_dies(counter, child)
            until(partial(_is_dead, child), 30)
            assert child._process.returncode == -9, (tmp_path / "mortal.log").read_text()
        heir = counter.opens()
        until(lambda: set(counter.bureau.states()) == {"succeeded"}, 60)
        one.begin_again()
        until(lambda: not kiosk.kept, 30)
    print(f"killed at {len(moments)} moments")
    assert set(kiosk.effects.values()) == {1}
    assert len(kiosk.effects) == len(counter.bureau.states())
    numbers = [fact for _, fact in facts_of(counter.office.engine, "kiosk-1")]
    assert numbers == list(range(1, kiosk.facts + 1))
    # A birth that the broker brings a second time, after a newer one, looks like an old copy.
    letters = "SELECT detail FROM dead_letter WHERE reason <> 'old_memory'"
    assert counter.office.rows(letters) == []
    heir.stop()


def _asks_until_it_dies(counter: Counter, child: Child) -> None:
    if not _is_dead(child):
        job = counter.ask("kiosk-1", now=now())
        until(lambda: _is_dead(child) or over(counter, job), 30)


def _is_dead(child: Child) -> bool:
    return child._process.poll() is not None


def over(counter: Counter, job: int) -> bool:
    return counter.bureau.states(job) == ["succeeded"]


class Striker(Room):
    """A kiosk beside which the broker is killed, once it is `armed`, at a moment of its own."""

    def __init__(self, broker: ProgramBroker, taker: Taker, when: str) -> None:
        self.armed, self.struck = False, threading.Event()
        self._broker, self._when = broker, when
        super().__init__(broker, taker, now())

    def _hear(self, topic: str, payload: bytes) -> None:
        kind = topic.rsplit("/", 1)[-1]
        self._strike(f"before {kind}")
        if not self.struck.is_set():
            super()._hear(topic, payload)
        self._strike(f"after {kind}")

    def _strike(self, when: str) -> None:
        if self.armed and when == self._when and not self.struck.is_set():
            self._broker.kill9()
            self.struck.set()


def test_row_54_a_real_broker_killed_around_orders_and_results_changes_nothing(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    counter = Counter(sqlite_url, mosquitto, tmp_path, "kiosk-1")
    child = counter.opens()
    kiosk = Taker("kiosk-1", counter.bureau.policy)
    for when, kept in BROKER if ALL else [("after orders", 0)]:
        told = len(kiosk.told)
        one = Striker(mosquitto, kiosk, when)
        until(lambda told=told: len(kiosk.told) > told, 30)  # type: ignore[misc]
        one.armed = True
        job = counter.ask("kiosk-1", now=now())
        assert one.struck.wait(30), when
        one.leave()
        if not kept:
            for file in mosquitto.settings.state.glob("*.db"):
                file.unlink()
        mosquitto.start()
        again = Room(mosquitto, kiosk, now())
        until(partial(_heard_or_says_it_again, again, counter, job), 60, 1.0)
        until(lambda: holds(counter.office.engine), 30)
        until(partial(_hears_an_ack, again), 30, 0.5)
        again.leave()
    assert set(kiosk.effects.values()) == {1}
    numbers = [fact for _, fact in facts_of(counter.office.engine, "kiosk-1")]
    assert numbers == list(range(1, kiosk.facts + 1))
    child.stop()


def _heard_or_says_it_again(one: Room, counter: Counter, job: int) -> bool:
    """A kiosk whose birth nobody took in is told so by the broker, and is born again."""
    if not over(counter, job):
        one.begin_again()
    return over(counter, job)


def _hears_an_ack(one: Room) -> bool:
    """It says what it keeps once more, as a kiosk does that waits for too long."""
    one.begin_again()
    return not one.taker.kept


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    subprocess.run(mount, check=True)  # needs root, as the whole suite does
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_row_56_a_full_disk_delays_results_acknowledges_none_and_loses_none(
    small_disk: Path, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    url = f"sqlite:///{small_disk}/office.db"
    migrate(url)
    counter = Counter(url, mosquitto, tmp_path, "kiosk-1")
    child = counter.opens()
    kiosk = Taker("kiosk-1", counter.bureau.policy)
    kiosk.slow = True
    with room(mosquitto, kiosk, now()) as one:
        until(lambda: kiosk.told, 20)
        jobs = [counter.ask("kiosk-1", now=now()) for _ in range(5)]
        until(lambda: {*counter.bureau.states()} <= {"accepted", "running"}, 20)
        filler = small_disk / "filler"
        _fill(filler)
        with one._lock:
            one._say(kiosk.finish())
            for name in kiosk.ledger:  # and says so much of it that nothing fits any more
                one._say([kiosk.progress(name, 50, "x" * 300) for _ in range(60)])
            last = kiosk.facts
        until(lambda: "CANNOT STORE" in child.log.read_text(), 30)
        stored = len(facts_of(counter.office.engine, "kiosk-1"))
        assert all(number in kiosk.kept for number in range(stored + 1, last + 1))
        filler.unlink()
        until(lambda: set(counter.bureau.states()) == {"succeeded"}, 30)
        until(lambda: "Storing again" in child.log.read_text(), 30)
        one.begin_again()
        until(lambda: not kiosk.kept, 30)
    numbers = [fact for _, fact in facts_of(counter.office.engine, "kiosk-1")]
    assert numbers == list(range(1, kiosk.facts + 1))
    assert [kiosk.effects.total(), len(jobs)] == [5, 5]
    assert holds(counter.office.engine)
    child.stop()


def _fill(filler: Path) -> None:
    """To the last page."""
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
