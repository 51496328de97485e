"""Commands through a real controller and a real broker, whatever happens to the office's half."""

import time
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from controller.commands.voice import NO_KEY
from controller.store.engine import writing
from tests.support.broker import ProgramBroker, a_mosquitto
from tests.support.controllers import controller, counters, holds
from tests.support.office import Office, facts_of
from tests.support.taker import Bureau, Taker
from tests.support.takers import Counter, Room, room
from tests.support.wait import until


def now() -> int:
    return time.time_ns() // 1_000_000


def over(counter: Counter, job: int, state: str = "succeeded") -> bool:
    return set(counter.bureau.states(job)) == {state}


def test_a_click_is_answered(database: str, mosquitto: ProgramBroker, tmp_path: Path) -> None:
    counter = Counter(database, mosquitto, tmp_path, "kiosk-1")
    child = counter.opens()
    kiosk = Taker("kiosk-1", counter.bureau.policy)
    with room(mosquitto, kiosk, now()):
        until(lambda: kiosk.told, 15)
        for _ in range(3):
            job = counter.ask("kiosk-1", now=now())
            until(partial(over, counter, job), 15)
        until(lambda: counters(counter.office.engine)["anjungan_bells_total"] >= 1, 10)
        until(lambda: not kiosk.kept, 10)
    assert set(kiosk.effects.values()) == {1}
    assert len(facts_of(counter.office.engine, "kiosk-1")) == 3
    child.stop()
    assert list(tmp_path.glob("bell-*")) == []


def test_a_controller_without_a_key_says_so_and_sends_nothing(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    office = Office(sqlite_url, "kiosk-1")
    with office.engine.begin() as conn:
        conn.execute(text("UPDATE lease SET holder = '', until = 0"))
    bureau = Bureau(office.engine)
    child = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: holds(office.engine), 30)
    kiosk = Taker("kiosk-1", bureau.policy)
    with room(mosquitto, kiosk, now()):
        until(lambda: office.known("kiosk-1").presence.state == "online", 15)
        bureau.ask("kiosk-1", now=now())
        until(lambda: NO_KEY in child.log.read_text(), 15)
    assert child.log.read_text().count(NO_KEY) == 1
    assert kiosk.told == []
    child.stop()


def test_a_key_that_others_may_read_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    class Nowhere:
        host, port = "127.0.0.1", 1

    counter = Counter(sqlite_url, Nowhere(), tmp_path)
    counter.key.chmod(0o644)
    child = counter.opens(ready=False)
    assert child._process.wait(30) == 2
    assert "chmod 600" in child.log.read_text()


def test_row_54_commands_queued_in_a_broker_that_is_killed_arrive_all_the_same(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    names = [f"kiosk-{n}" for n in range(6)]
    counter = Counter(sqlite_url, mosquitto, tmp_path, *names)
    child = counter.opens()
    takers = [Taker(name, counter.bureau.policy) for name in names]
    rooms = [Room(mosquitto, one, now()) for one in takers]
    until(lambda: all(one.told for one in takers), 20)
    for one in rooms:
        one.leave()  # the office believes that they are here: the broker keeps their orders
    job = counter.ask(*names, now=now())
    until(partial(over, counter, job, "sent"), 15)
    mosquitto.kill9()
    mosquitto.start()
    until(lambda: holds(counter.office.engine), 30)
    rooms = [Room(mosquitto, one, now()) for one in takers]
    until(partial(over, counter, job), 30)
    assert [one.effects.total() for one in takers] == [1] * 6
    for one in rooms:
        one.leave()
    child.stop()


def test_row_55_a_queue_that_overflows_at_the_broker_loses_no_command(
    sqlite_url: str, tmp_path: Path
) -> None:
    broker = a_mosquitto(tmp_path / "broker")
    broker.add("max_queued_messages 3")
    broker.start()
    counter = Counter(sqlite_url, broker, tmp_path, "kiosk-1")
    child = counter.opens()
    kiosk = Taker("kiosk-1", counter.bureau.policy)
    one = Room(broker, kiosk, now())
    until(lambda: kiosk.told, 20)
    one.leave()
    for _ in range(12):  # each is an Orders of its own in the broker's queue
        job = counter.ask("kiosk-1", now=now())
        until(lambda job=job: counter.bureau.states(job) != ["queued"] or _full(counter), 10)  # type: ignore[misc]
    assert counter.bureau.states().count("succeeded") == 0
    until(lambda: "being dropped for client kiosk-1" in broker.log.read_text(), 10)
    with room(broker, kiosk, now()):
        until(lambda: set(counter.bureau.states()) == {"succeeded"}, 30)
    assert set(kiosk.effects.values()) == {1}
    assert len(kiosk.effects) == 12
    child.stop()
    broker.stop()


def _full(counter: Counter) -> bool:
    return counter.bureau.states().count("sent") == 8


def test_row_56_after_a_day_without_a_controller_everything_is_agreed_upon(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    names = ["kiosk-1", "kiosk-2", "kiosk-3"]
    counter = Counter(sqlite_url, mosquitto, tmp_path, *names)
    day_ago = now() - 86_400_000
    child = counter.opens()
    takers = [Taker(name, counter.bureau.policy) for name in names]
    rooms = [Room(mosquitto, one, now()) for one in takers]
    takers[0].slow = True
    until(lambda: all(one.told for one in takers), 20)
    runs = counter.ask("kiosk-1", kind="reboot", now=now())
    until(partial(over, counter, runs, "accepted"), 15)
    child.kill()
    expired = counter.ask("kiosk-2", now=day_ago)
    waits = counter.ask("kiosk-3", "kiosk-2", now=now())
    with rooms[0]._lock:  # it ends while nobody listens
        rooms[0]._say(takers[0].finish())
    heir = counter.opens()
    until(partial(over, counter, runs), 30)
    until(partial(over, counter, waits), 30)
    until(partial(over, counter, expired, "overdue"), 30)
    assert [one.effects.total() for one in takers] == [1, 1, 1]
    for one in rooms:  # an acknowledgement may be lost: a kiosk says it again
        one.begin_again()
    until(lambda: not any(one.kept for one in takers), 15)
    for one in rooms:
        one.leave()
    heir.stop()


def test_row_56_a_database_that_is_locked_delays_commands_and_loses_none(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    counter = Counter(sqlite_url, mosquitto, tmp_path, "kiosk-1")
    child = counter.opens()
    kiosk = Taker("kiosk-1", counter.bureau.policy)
    with room(mosquitto, kiosk, now()):
        until(lambda: kiosk.told, 20)
        kiosk.slow = True
        jobs = [counter.ask("kiosk-1", now=now()) for _ in range(3)]
        until(lambda: {*counter.bureau.states()} <= {"accepted", "running"}, 15)
        with writing(counter.office.engine) as conn:
            conn.execute(text("UPDATE kiosk SET registered_at = 1"))
            until(lambda: "CANNOT STORE" in child.log.read_text(), 30)
        until(lambda: "Storing again" in child.log.read_text(), 30)
    with room(mosquitto, kiosk, now()) as again:
        with again._lock:
            again._say(kiosk.finish())
        for job in jobs:
            until(partial(over, counter, job), 30)
    assert facts_of(counter.office.engine, "kiosk-1") == [(kiosk.epoch, n) for n in (1, 2, 3)]
    assert set(kiosk.effects.values()) == {1}
    child.stop()


@pytest.mark.parametrize("which", ["first", "second"])
def test_of_two_controllers_one_dies_and_no_command_is_done_twice(
    postgres_url: str, mosquitto: ProgramBroker, tmp_path: Path, which: str
) -> None:
    names = [f"kiosk-{n:02d}" for n in range(12)]
    counter = Counter(postgres_url, mosquitto, tmp_path, *names)
    lease = ("--lease-s", "3")
    children = {n: counter.opens("--name", n, *lease, ready=False) for n in ("first", "second")}
    for name in children:
        until(partial(holds, counter.office.engine, name, 8), 30)
    takers = [Taker(name, counter.bureau.policy) for name in names]
    rooms = [Room(mosquitto, one, now()) for one in takers]
    until(lambda: all(one.told for one in takers), 30)
    job = counter.ask(*names, now=now())
    children.pop(which).kill()
    later = counter.ask(*names, now=now())
    until(partial(over, counter, job), 60)
    until(partial(over, counter, later), 60)
    assert [one.effects.total() for one in takers] == [2] * 12
    for one in rooms:
        one.leave()
    for child in children.values():
        child.stop()
