"""Whatever is killed, cut or full at the office: every fact is there once, and nobody is fooled."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from controller.store.engine import open_engine
from controller.store.migrate import migrate
from tests.support.broker import ProgramBroker
from tests.support.controllers import QUICK, Line, controller, counters, holds
from tests.support.mortal_controller import POINTS
from tests.support.mqtt import Player
from tests.support.office import Office, Teller, facts_of, seen
from tests.support.wait import until
from wire.topics import office_filter, partition_of

FACTS = 60


def numbers(office: Office, name: str) -> list[int]:
    return [fact for _, fact in facts_of(office.engine, name)]


def _told(line: Line, upto: int) -> bool:
    return bool(line.heard("/ack")["upto"] == upto)


@pytest.mark.parametrize("nth", [1, 3])
@pytest.mark.parametrize("point", sorted(POINTS))
def test_a_controller_killed_at_any_moment_loses_and_doubles_nothing(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path, point: str, nth: int
) -> None:
    office = Office(sqlite_url, "kiosk-1", "kiosk-2")
    lines = [Line(mosquitto, Teller(name)) for name in ("kiosk-1", "kiosk-2")]
    for partition in {partition_of(line.teller.name) for line in lines}:  # an office was here
        with Player(mosquitto, f"office-p{partition:02d}", clean_start=False, expiry_s=600) as old:
            old.subscribe(office_filter(partition))
    broker = f"{mosquitto.host}:{mosquitto.port}"
    module = "tests.support.mortal_controller"
    args = [sys.executable, "-m", module, point, str(nth), "--database", sqlite_url]
    root = Path(__file__).parents[2]
    with (tmp_path / "mortal.log").open("wb") as log:
        mortal = subprocess.Popen(
            [*args, "--broker", broker, *QUICK], stderr=log, env={**os.environ, "PYTHONPATH": "."},
            cwd=root,
        )  # fmt: skip
    with open_engine(sqlite_url).connect() as conn:
        wait = "SELECT count(*) FROM lease WHERE holder <> ''"
        until(lambda: mortal.poll() is not None or conn.scalar(text(wait)), 15)
    for line in lines:
        line.say(line.teller.birth())
    for _ in range(FACTS):
        for line in lines:
            line.say(line.teller.flip(seen(state="fail")))
    until(lambda: mortal.poll() is not None or len(numbers(office, "kiosk-2")) == FACTS, 20)
    mortal.kill()
    mortal.wait()
    heir = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: len(numbers(office, "kiosk-2")) == FACTS, 20)
    until(lambda: len(numbers(office, "kiosk-1")) == FACTS, 20)
    assert numbers(office, "kiosk-1") == numbers(office, "kiosk-2") == list(range(1, FACTS + 1))
    for line in lines:  # and the kiosk hears of it, if it only says one more thing
        line.say(line.teller.flip(seen()))
        until(partial(_told, line, FACTS + 1), 10)
    assert office.rows("SELECT count(*) FROM dead_letter") == [(0,)]
    heir.stop()


def test_of_two_controllers_one_dies_and_the_other_takes_over(
    postgres_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    names = [f"kiosk-{n:02d}" for n in range(40)]
    office = Office(postgres_url, *names)
    with office.engine.begin() as conn:
        conn.execute(text("UPDATE lease SET holder = '', until = 0"))
    children = {
        name: controller(postgres_url, mosquitto, tmp_path, "--name", name) for name in "ab"
    }
    for name in "ab":
        until(partial(holds, office.engine, name, 8), 20)
    lines = {name: Line(mosquitto, Teller(name)) for name in names}
    for line in lines.values():
        line.say(line.teller.birth(), line.teller.flip(seen(state="fail")))
    children["a"].kill()
    died = time.monotonic()
    for number in range(10):
        for line in lines.values():
            line.say(line.teller.flip(seen(state="ok" if number % 2 else "fail")))
            line.say(line.teller.present())
    until(lambda: holds(office.engine, "b", 16), 15, every_s=0.2)
    until(lambda: all(len(numbers(office, n)) == 11 for n in names), 15, every_s=0.2)
    took = time.monotonic() - died
    for name, line in lines.items():
        assert numbers(office, name) == list(range(1, 12))
        thread = office.known(name).thread
        assert thread is not None
        assert thread.seq == line.teller.seq - 1, "every message was counted"
    assert counters(office.engine)["anjungan_missing_total"] == 0
    assert took < 15
    children["b"].stop()


def test_a_controller_that_sleeps_through_its_lease_stores_nothing_when_it_wakes(
    postgres_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    office = Office(postgres_url, "kiosk-1")
    with office.engine.begin() as conn:
        conn.execute(text("UPDATE lease SET holder = '', until = 0"))
    lease = ("--lease-s", "3")
    sleeper = controller(postgres_url, mosquitto, tmp_path, "--name", "a", *lease)
    until(lambda: holds(office.engine, "a"), 20)
    sleeper.freeze()
    heir = controller(postgres_url, mosquitto, tmp_path, "--name", "b", *lease)
    kiosk = Teller("kiosk-1")
    line = Line(mosquitto, kiosk)
    line.say(kiosk.birth(), *(kiosk.flip(seen(state="fail")) for _ in range(20)))
    until(lambda: len(numbers(office, "kiosk-1")) == 20, 25)
    sleeper.thaw()
    line.say(*(kiosk.flip(seen(state="ok")) for _ in range(20)))
    until(lambda: len(numbers(office, "kiosk-1")) == 40, 25)
    until(lambda: holds(office.engine, "_", 16), 20)
    assert numbers(office, "kiosk-1") == list(range(1, 41))
    heir.stop()
    sleeper.stop()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    subprocess.run(mount, check=True)  # needs root, as the whole suite does
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_stops_acknowledging_says_so_and_resumes_with_nothing_lost(
    small_disk: Path, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    url = f"sqlite:///{small_disk}/office.db"
    migrate(url)
    office = Office(url, "kiosk-1")
    child = controller(url, mosquitto, tmp_path)
    until(lambda: holds(office.engine), 15)
    kiosk = Teller("kiosk-1")
    line = Line(mosquitto, kiosk)
    line.say(kiosk.birth(), kiosk.flip(seen(state="fail")))
    until(lambda: numbers(office, "kiosk-1") == [1], 10)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    page = {"page": "x" * 300}
    line.say(*(kiosk.flip(seen(state="fail", why="y" * 300, facts=page)) for _ in range(300)))
    until(lambda: "CANNOT STORE: database or disk is full" in child.log.read_text(), 20)
    stored = len(numbers(office, "kiosk-1"))
    assert stored < 301
    filler.unlink()
    until(lambda: len(numbers(office, "kiosk-1")) == 301, 30)
    assert numbers(office, "kiosk-1") == list(range(1, 302))
    until(lambda: "Storing again" in child.log.read_text(), 5)
    assert counters(office.engine)["anjungan_missing_total"] == 0
    child.stop()


SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
static int fails(void) {
    const char *trigger = getenv("FAIL_SYNC");
    if (trigger && unlink(trigger) == 0) { errno = EIO; return 1; }
    return 0;
}
int fsync(int fd) { return fails() ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd); }
int fdatasync(int fd) {
    return fails() ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
"""


def test_row_72_a_sync_that_fails_once_acknowledges_nothing_and_ends_the_process(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    (tmp_path / "shim.c").write_text(SHIM)
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-o", tmp_path / "shim.so", tmp_path / "shim.c", "-ldl"],
        check=True,
    )
    office, trigger = Office(sqlite_url, "kiosk-1"), tmp_path / "fail"
    env = {"LD_PRELOAD": str(tmp_path / "shim.so"), "FAIL_SYNC": str(trigger)}
    child = controller(sqlite_url, mosquitto, tmp_path, env=env)
    until(lambda: holds(office.engine), 15)
    kiosk = Teller("kiosk-1")
    line = Line(mosquitto, kiosk)
    line.say(kiosk.birth())
    until(lambda: line.heard("/ack")["upto"] == 0, 10)
    trigger.touch()
    line.say(kiosk.flip(seen(state="fail")))
    until(lambda: "THE STORAGE FAILED" in child.log.read_text(), 15)
    assert child._process.wait(10) == 74
    heir = controller(sqlite_url, mosquitto, tmp_path)  # as its supervisor would
    until(lambda: line.heard("/ack")["upto"] == 1, 20)
    assert numbers(office, "kiosk-1") == [1]
    heir.stop()


def test_row_71_a_broken_file_at_the_start_is_said_and_the_fleet_comes_back(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    office = Office(sqlite_url, "kiosk-1", *(f"other-{n:03d}" for n in range(300)))
    kiosk = Teller("kiosk-1")
    office.take(kiosk, kiosk.birth(), kiosk.flip(seen(state="fail")))
    with office.engine.connect() as conn:
        conn.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    office.engine.dispose()
    path = tmp_path / "office.db"
    pages = bytearray(path.read_bytes())
    pages[-8 * 4096 :] = os.urandom(8 * 4096)
    path.write_bytes(bytes(pages))
    child = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: "THE DATABASE WAS BROKEN" in child.log.read_text(), 15)
    until(lambda: holds(open_engine(sqlite_url)), 15)
    assert list(tmp_path.glob("office.db.broken-*"))
    line = Line(mosquitto, kiosk)
    line.say(kiosk.birth(oldest=2), kiosk.flip(seen(state="ok")))
    until(lambda: line.heard("/ack")["upto"] == 2, 10)
    child.stop()


def test_a_broker_killed_at_any_moment_loses_no_fact_that_is_said_again(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    office = Office(sqlite_url, "kiosk-1")
    child = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: holds(office.engine), 15)
    kiosk = Teller("kiosk-1")
    for _ in range(3):
        line = Line(mosquitto, kiosk)
        stored = len(numbers(office, "kiosk-1"))
        kiosk.facts = stored
        line.say(kiosk.birth(oldest=stored + 1))
        line.post(*(kiosk.flip(seen(state="fail")) for _ in range(20)))
        mosquitto.kill9()
        mosquitto.start()
        until(lambda: holds(office.engine), 15)
    line = Line(mosquitto, kiosk)
    kiosk.facts = stored = len(numbers(office, "kiosk-1"))
    line.say(kiosk.birth(oldest=stored + 1), *(kiosk.flip(seen(state="fail")) for _ in range(5)))
    until(lambda: line.heard("/ack")["upto"] >= stored + 5, 10)
    found = numbers(office, "kiosk-1")
    assert len(found) >= 5
    assert found == list(range(1, len(found) + 1))
    child.stop()
