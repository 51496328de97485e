"""The supervisor keeps several real programs: in order, restarted, and gone at the end."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker_config.backoff import Backoff
from broker_config.child import Child, ChildFailed
from broker_config.stop import Stop
from provisioning.supervise import Milestone, Stopped, Supervisor
from tests.support.wait import until

AWAKE = "import sys,time\nopen(sys.argv[1], 'w').close()\ntime.sleep(60)"
NOTING = """
import signal, sys, time
def note(*_):
    with open(sys.argv[1], 'a') as file: file.write(sys.argv[2] + '\\n')
    sys.exit()
signal.signal(signal.SIGTERM, note)
open(sys.argv[2], 'w').close()
time.sleep(60)
"""


class House:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.stop = Stop()
        self.supervisor = Supervisor(self.said.append, self.stop)

    def child(self, name: str, script: str = AWAKE, *args: str) -> Child:
        flag = self.folder / name
        argv = [sys.executable, "-c", script, *(args or (str(flag),))]
        log = self.folder / f"{name}.log"
        backoff = Backoff(first_s=0.05)
        return Child(name=name, argv=argv, log=log, ready=flag.exists, backoff=backoff)

    def watch(self, *milestones: Milestone) -> threading.Thread:
        watcher = threading.Thread(
            target=self.supervisor.watch, args=(milestones,), kwargs={"every_s": 0.02}
        )
        watcher.start()
        return watcher


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.stop.set()
    made.supervisor.stop_all(2)


def test_says_one_line_when_a_child_is_ready(house: House) -> None:
    one = house.child("one")
    house.supervisor.start(one)
    assert house.said == [f"one: running, pid {one.pid}"]


def test_starts_again_what_was_killed_and_leaves_the_others(house: House) -> None:
    one, two = house.child("one"), house.child("two")
    house.supervisor.start(one)
    house.supervisor.start(two)
    before, other = one.pid, two.pid
    os.kill(before, signal.SIGKILL)

    def came_back() -> bool:
        house.said.extend(said for child in (one, two) if (said := child.check()))
        return one.pid not in (0, before)  # who is killed may live for a moment yet

    until(came_back, 30)  # watched in this thread: children die with the thread that made them
    assert two.pid == other
    assert "SIGKILL" in house.said[2]
    assert "started again" in house.said[3]


def test_stops_all_in_reverse_order(house: House) -> None:
    order = house.folder / "order"
    for name in ("broker", "controller", "agent"):
        flag = str(house.folder / name)
        house.supervisor.start(house.child(name, NOTING, str(order), flag))
    pids = [child.pid for child in house.supervisor.children]
    house.supervisor.stop_all()
    names = [Path(line).name for line in order.read_text().split()]
    assert names == ["agent", "controller", "broker"]
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_one_that_dies_while_starting_is_told_with_its_last_words(house: House) -> None:
    with pytest.raises(ChildFailed, match="no database"):
        house.supervisor.start(house.child("one", "import sys\nsys.exit('no database')"))


def test_one_that_never_gets_ready_is_told_with_its_log(house: House) -> None:
    with pytest.raises(ChildFailed, match=r"not ready after 0\.2 s.*one\.log"):
        house.supervisor.start(house.child("one", "import time\ntime.sleep(60)"), within_s=0.2)


def test_a_stop_while_starting_is_obeyed_at_once(house: House) -> None:
    house.stop.set()
    with pytest.raises(Stopped):
        house.supervisor.start(house.child("one", "import time\ntime.sleep(60)"))


def test_a_milestone_is_said_once_when_it_comes_true(house: House) -> None:
    flag = house.folder / "flag"
    watcher = house.watch(Milestone(flag.exists, "there"))
    assert house.said == []
    flag.touch()
    until(lambda: house.said, 30)
    house.stop.set()
    watcher.join(30)
    assert house.said == ["there"]


def test_a_milestone_that_takes_long_is_said_to_be_late_once(house: House) -> None:
    watcher = house.watch(Milestone(lambda: False, "there", late="not yet", late_after_s=0.05))
    until(lambda: house.said, 30)
    house.stop.wait(0.2)
    house.stop.set()
    watcher.join(30)
    assert house.said == ["not yet"]
