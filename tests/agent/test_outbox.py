"""Facts: numbered without a hole, kept until acknowledged, whatever is cut."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import _GeneratorContextManager
from pathlib import Path

import pytest

from agent.content.reports import Report
from agent.ended import Ended
from agent.journal import Journal
from agent.outbox import KeptInstall, KeptResult, Outbox
from agent.store import MEMORY, Store
from tests.agent.commands.failing import Disk
from tests.agent.observations import flips, seen


class Observed(Store):
    """Calls back at the begin of every transaction."""

    def __init__(self, path: Path, begins: Callable[[], None]) -> None:
        self._begins = begins
        super().__init__(path)

    def transaction(self, *, of_old: bool = False) -> _GeneratorContextManager[sqlite3.Connection]:
        self._begins()
        return super().transaction(of_old=of_old)


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(Store(Path(MEMORY)))


def numbers(outbox: Outbox) -> list[int]:
    return [fact.number for fact in outbox.after(0, 100_000)]


def test_facts_are_numbered_from_one_in_the_order_they_happened(outbox: Outbox) -> None:
    assert (outbox.oldest, outbox.newest, outbox.kept) == (1, 0, 0)
    for name in ("disk", "power"):
        assert outbox.put("ok", seen(name, "fail"))
    assert [(f.number, f.observation.probe) for f in flips(outbox.after(0, 9))] == [
        (1, "disk"),
        (2, "power"),
    ]


def test_a_number_is_never_used_again_even_when_all_are_acknowledged(tmp_path: Path) -> None:
    store = Store(tmp_path / "agent.db")
    outbox = Outbox(store)
    outbox.put("ok", seen())
    outbox.forget(1)
    store.close()
    outbox = Outbox(Store(tmp_path / "agent.db"))
    assert (outbox.oldest, outbox.newest) == (2, 1)
    outbox.put("ok", seen())
    assert numbers(outbox) == [2]


def test_an_acknowledgement_beyond_the_last_fact_forgets_no_more_than_there_is(
    outbox: Outbox,
) -> None:
    outbox.put("ok", seen())
    outbox.forget(10**9)
    outbox.put("ok", seen())
    assert numbers(outbox) == [2]


def test_a_fact_on_its_way_to_the_disk_is_no_trouble() -> None:
    said: list[str] = []
    watched: list[Outbox] = []
    store = Observed(Path(MEMORY), lambda: said.extend(one.why() for one in watched))
    outbox = Outbox(store)
    watched.append(outbox)
    assert outbox.put("ok", seen())
    assert said == [""]


def test_row_63_a_nearly_full_outbox_says_so_and_a_full_one_counts_what_it_drops() -> None:
    outbox = Outbox(Store(Path(MEMORY)), capacity=100)
    for _ in range(79):
        outbox.put("ok", seen())
    assert outbox.why() == ""
    outbox.put("ok", seen())
    assert outbox.why() == "80 facts wait for the office, 100 is the most"
    for _ in range(21):
        outbox.put("ok", seen())
    assert outbox.lost == 2
    assert outbox.oldest == 3
    assert numbers(outbox) == list(range(3, 102))
    assert outbox.why() == "2 facts were dropped for lack of room"


FLOW = """
import os, signal, sqlite3, sys
from pathlib import Path
from agent.journal import Births, Journal
from agent.outbox import Outbox
from agent.store import Store, connect
from wire.messages import Observation

cut_at, step = int(sys.argv[2]), 0

def boundary():
    global step
    step += 1
    if step == cut_at:
        os.kill(os.getpid(), signal.SIGKILL)

class Cut(sqlite3.Connection):
    def execute(self, sql, *rest):
        boundary()
        done = super().execute(sql, *rest)
        boundary()
        return done
    def executemany(self, sql, *rest):
        boundary()
        return super().executemany(sql, *rest)

def cutting(path):
    db = sqlite3.connect(path, isolation_level=None, factory=Cut, check_same_thread=False)
    for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
        sqlite3.Connection.execute(db, "PRAGMA " + pragma)
    return db

store = Store(Path(sys.argv[1]), cutting)
births, outbox = Births(Journal(store)), Outbox(store)
print("birth", births.next(), flush=True)
for n in range(3):
    print("try", n, flush=True)
    if outbox.put("ok", Observation(probe="disk", state="fail", at=n)):
        print("kept", outbox.newest, n, flush=True)
outbox.forget(2)
print("forgot", flush=True)
"""


def cut(path: Path, at: int) -> tuple[int, list[list[str]]]:
    done = subprocess.run(
        [sys.executable, "-c", FLOW, path, str(at)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, [line.split() for line in done.stdout.splitlines()]


@pytest.mark.parametrize("at", range(1, 91, 3))
def test_killed_at_any_boundary_every_kept_fact_is_there_once_and_in_order(
    tmp_path: Path, at: int
) -> None:
    path = tmp_path / "agent.db"
    code, said = cut(path, at)
    assert code in (0, -signal.SIGKILL)
    tried = [int(line[1]) for line in said if line[0] == "try"]
    kept = [int(line[1]) for line in said if line[0] == "kept"]
    forgot = ["forgot"] in said
    store = Store(path)
    assert store.mishap == ""
    outbox = Outbox(store)
    there = outbox.after(0, 100)
    assert [fact.number for fact in there] == list(range(outbox.oldest, outbox.newest + 1))
    assert outbox.newest - len(kept) in ((0, 1) if tried else (0,))
    assert [fact.observation.at + 1 for fact in flips(there)] == [fact.number for fact in there]
    assert outbox.oldest in ((3,) if forgot else (1, 3))
    store.close()
    _, again = cut(path, 0)
    births = [int(line[1]) for line in said + again if line[0] == "birth"]
    assert births == sorted(set(births))


def test_an_older_copy_goes_on_where_the_office_is_and_loses_nothing_new(tmp_path: Path) -> None:
    store = Store(tmp_path / "agent.db")
    before = Outbox(store)
    for name in ("disk", "power"):
        before.put("ok", seen(name, "fail"))
    before.forget(1)
    store.close()
    outbox = Outbox(Store(tmp_path / "agent.db"))  # put back: the office has stored up to 5
    outbox.put("ok", seen("screen", "fail"))
    for _ in range(2):  # cut between this and the births: it is done again
        outbox.skip(5)
        assert [(f.number, f.observation.probe) for f in flips(outbox.after(0, 9))] == [
            (6, "screen")
        ]
        assert (outbox.oldest, outbox.newest, outbox.kept) == (6, 6, 1)
    outbox.put("ok", seen("disk"))
    assert numbers(outbox) == [6, 7]
    outbox.forget(7)
    assert (outbox.oldest, outbox.newest, outbox.kept) == (8, 7, 0)


def test_facts_of_an_older_copy_that_the_office_lacks_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "agent.db")
    before = Outbox(store)
    for _ in range(4):
        before.put("ok", seen())
    store.close()
    outbox = Outbox(Store(tmp_path / "agent.db"))
    outbox.skip(2)
    assert numbers(outbox) == [3, 4]


def ended(number: int = 1) -> Ended:
    return Ended(command=f"{number:032x}", state="succeeded", began=1, ended=2)


def test_flips_and_results_are_numbered_together_in_the_order_they_happened(
    outbox: Outbox,
) -> None:
    outbox.put("ok", seen("disk", "fail"))
    outbox.put_results([(ended(1), lambda _db, _ticket: None), (ended(2), lambda *_: None)])
    outbox.put("fail", seen("disk"))
    there = outbox.after(0, 9)
    assert [type(fact).__name__ for fact in there] == [
        "KeptFlip",
        "KeptResult",
        "KeptResult",
        "KeptFlip",
    ]
    assert [fact.number for fact in there] == [1, 2, 3, 4]


def test_what_belongs_to_a_result_is_written_with_it_and_once(tmp_path: Path) -> None:
    disk = Disk()
    store = disk.store(tmp_path / "agent.db")
    outbox = Outbox(store)
    written: list[int] = []

    def also(db: sqlite3.Connection, ticket: int) -> None:
        written.append(ticket)
        db.execute("INSERT INTO log (topic, entry) VALUES ('also', '')")

    disk.mood = "lies"  # the commit has reached the disk, and was said to have failed
    assert not outbox.put_results([(ended(), also)])
    disk.mood = "well"
    assert outbox.flush()
    assert outbox.keeps(written[0])
    assert len(written) == 1
    assert len(Journal(store).entries("also")) == 1
    outbox.forget(1)
    assert not outbox.keeps(written[0])


def test_a_disk_that_refuses_for_long_costs_flips_before_results(tmp_path: Path) -> None:
    disk = Disk()
    outbox = Outbox(disk.store(tmp_path / "agent.db"), waiting=4)
    disk.mood = "refuses"
    outbox.put_results([(ended(), lambda *_: None)])
    for _ in range(6):
        outbox.put("ok", seen())
    assert (outbox.waiting, outbox.lost) == (4, 3)
    disk.mood = "well"
    assert outbox.flush()
    assert isinstance(outbox.after(0, 9)[0], KeptResult)


def test_what_became_of_a_release_is_a_fact_like_the_others(tmp_path: Path) -> None:
    report = Report(
        bundle="layanan", seq=2, attempt=1, state="installed", now=2, began=1, ended=2,
        facts={"bytes": 5},
    )  # fmt: skip
    store = Store(tmp_path / "agent.db")
    outbox = Outbox(store)
    written: list[int] = []
    outbox.put("ok", seen())
    assert outbox.put_installs([(report, lambda _, ticket: written.append(ticket))])
    assert len(written) == 1
    assert outbox.keeps(written[0])
    store.close()
    outbox = Outbox(Store(tmp_path / "agent.db"))
    assert outbox.after(1, 9) == [KeptInstall(2, report)]
