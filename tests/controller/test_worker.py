"""The loop as a process: it tells of itself, ends in order, acknowledges only what it has."""

import socket
from pathlib import Path

from sqlalchemy import text

from controller.__main__ import _options, build
from controller.bell import ring
from controller.store.engine import writing
from controller.worker import Clocks, Worker
from tests.support.broker import ProgramBroker
from tests.support.controllers import Line, controller, counters, holds
from tests.support.office import START, Office, Teller, facts_of, seen
from tests.support.taker import Bureau, Taker, key_file
from tests.support.wait import until


def test_a_kiosk_is_heard_and_answered(
    database: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    office = Office(database, "kiosk-1")
    child = controller(database, mosquitto, tmp_path, "--name", "office")
    until(lambda: holds(office.engine), 15)
    kiosk = Teller("kiosk-1")
    line = Line(mosquitto, kiosk)
    line.say(kiosk.birth(), kiosk.well(), kiosk.flip(seen(state="fail")))
    until(lambda: line.heard("/ack")["upto"] == 1, 10)
    assert facts_of(office.engine, "kiosk-1") == [(kiosk.epoch, 1)]
    kiosk.seq += 1
    line.say(kiosk.present())
    assert line.heard("/rebirth")["why"] == "gap"
    until(lambda: counters(office.engine).get("anjungan_missing_total") == 1, 5)
    child.stop()
    with office.engine.connect() as conn:
        told = conn.execute(text("SELECT link, link_why FROM controller")).one()
        assert tuple(told) == ("down", "stopped")
        assert conn.scalar(text("SELECT count(*) FROM lease WHERE holder <> ''")) == 0


def test_a_stop_stores_and_acknowledges_what_is_here(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    office = Office(sqlite_url, "kiosk-1")
    child = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: holds(office.engine), 15)
    kiosk = Teller("kiosk-1")
    line = Line(mosquitto, kiosk)
    line.say(kiosk.birth(), *(kiosk.flip(seen(state="fail")) for _ in range(50)))
    child.stop()
    again = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: len(facts_of(office.engine, "kiosk-1")) == 50, 15)
    again.stop()


def test_after_deafness_the_roll_is_called(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    office = Office(sqlite_url, "kiosk-1", "kiosk-2")
    lines = [Line(mosquitto, Teller(name)) for name in ("kiosk-1", "kiosk-2")]
    first = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: holds(office.engine), 15)
    for line in lines:
        line.say(line.teller.birth(), line.teller.well())
    until(lambda: office.known("kiosk-2").presence.state == "online", 10)
    first.stop()
    second = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: office.known("kiosk-1").presence.state == "unknown", 15)
    until(lambda: lines[0].heard("/rollcall"), 10)
    lines[0].say(lines[0].teller.present())
    until(lambda: office.known("kiosk-1").presence.state == "online", 5)
    until(lambda: office.known("kiosk-2").presence.state == "offline", 15)
    assert office.known("kiosk-1").presence.state == "online"
    assert office.known("kiosk-2").presence.why == "silent"
    second.stop()


class Clock:
    """Time as the test sets it."""

    def __init__(self) -> None:
        self.wall_ms, self.monotonic_s = START, 0.0


def test_a_clock_that_is_set_is_said_and_blames_nobody(
    sqlite_url: str, mosquitto: ProgramBroker
) -> None:
    office, clock = Office(sqlite_url, "kiosk-1", name=socket.gethostname()[:64]), Clock()
    arguments = ("--database", sqlite_url, "--broker", f"{mosquitto.host}:{mosquitto.port}")
    clocks = Clocks(lambda: clock.wall_ms, lambda: clock.monotonic_s)
    parts = build(_options(arguments), clocks)
    said: list[str] = []
    worker = Worker(parts, said.append)

    def turn(passed_s: float = 0.02, jump_ms: int = 0) -> bool:
        clock.monotonic_s += passed_s
        clock.wall_ms += int(passed_s * 1000) + jump_ms
        worker.turn()
        return parts.link.state.up and len(parts.link.up) == 16

    until(turn, 15, every_s=0)
    kiosk = Teller("kiosk-1")
    Line(mosquitto, kiosk).say(kiosk.birth(), kiosk.well())
    until(lambda: turn() and office.known("kiosk-1").presence.state == "online", 15, every_s=0)
    for jump_ms in (-3_600_000, 86_400_000):
        said.clear()
        turn(jump_ms=jump_ms)
        assert said == [f"The office's clock jumped by {jump_ms / 1000:+.0f} s."]
        for _ in range(20):
            turn(passed_s=1.0)
        assert parts.leases.held == frozenset(range(16))
        assert office.known("kiosk-1").presence.state in ("online", "unknown")
    worker.finish()


def test_a_database_that_is_busy_is_waited_for(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    office = Office(sqlite_url, "kiosk-1")
    child = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: holds(office.engine), 15)
    kiosk = Teller("kiosk-1")
    line = Line(mosquitto, kiosk)
    with writing(office.engine) as conn:  # somebody holds the file for longer than is patient
        conn.execute(text("UPDATE kiosk SET registered_at = 1"))
        line.say(kiosk.birth(), kiosk.flip(seen(state="fail")))
        until(lambda: "CANNOT STORE" in child.log.read_text(), 20)
    until(lambda: facts_of(office.engine, "kiosk-1") == [(kiosk.epoch, 1)], 20)
    until(lambda: "Storing again" in child.log.read_text(), 5)
    child.stop()


def test_a_result_is_stored_at_once_and_other_words_wait_for_company(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    office, clock = Office(sqlite_url, "kiosk-1", name=socket.gethostname()[:64]), Clock()
    bureau = Bureau(office.engine)
    key = ("--command-key", str(key_file(bureau.ceremony, tmp_path)))
    broker = f"{mosquitto.host}:{mosquitto.port}"
    options = _options(("--database", sqlite_url, "--broker", broker, *key))
    parts = build(options, Clocks(lambda: clock.wall_ms, lambda: clock.monotonic_s))
    worker = Worker(parts)

    def turn(passed_s: float = 0.0) -> bool:
        clock.monotonic_s += passed_s
        clock.wall_ms += int(passed_s * 1000)
        worker.turn()
        return len(parts.link.up) == 16

    def waiting() -> bool:
        return turn() and bool(parts.link.inbox)

    until(lambda: turn(0.02), 15, every_s=0)
    kiosk = Taker("kiosk-1", bureau.policy)
    line = Line(mosquitto, kiosk)
    line.post(*kiosk.born())
    until(waiting, 10, every_s=0)  # nothing but the clock would store it
    until(lambda: turn(0.02) and office.known("kiosk-1").presence.state == "online", 10, every_s=0)
    bureau.ask("kiosk-1", now=clock.wall_ms)
    ring(office.engine)
    until(lambda: turn() and bureau.states() == ["sent"], 10, every_s=0)
    turn(1.0)
    line.post(kiosk.result(bureau.rows()[0].command_id))
    until(lambda: turn() and bureau.states() == ["succeeded"], 10, every_s=0)
    worker.finish()
