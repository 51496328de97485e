"""The state file: damaged, full, taken twice, cut in the middle."""

import errno
import os
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from agent.journal import Births, Journal
from agent.outbox import Outbox
from agent.store import StateTaken, StorageFailing, Store, connect
from tests.agent.observations import flips, seen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "agent.db"


class SmallDisk:
    """A file system of one mebibyte of its own, where we may mount one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "small", folder], check=True)

    def fill(self) -> None:
        with (self.folder / "ballast").open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def free(self) -> None:
        (self.folder / "ballast").unlink()

    def close(self) -> None:
        subprocess.run(["umount", "-l", self.folder], check=True)


class Quota:
    """The kernel lets this process make no file larger: the next best thing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self) -> None:
        largest = max((path.stat().st_size for path in self.folder.iterdir()), default=0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, self._before[1]))

    def free(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)

    close = free


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk | Quota]:
    folder = tmp_path / "small"
    folder.mkdir()
    disk = SmallDisk(folder) if os.geteuid() == 0 else Quota(folder)
    yield disk
    disk.close()


def test_what_was_committed_is_there_after_opening_again(path: Path) -> None:
    store = Store(path)
    Journal(store).put("a", "1")
    store.close()
    assert Journal(Store(path)).get("a") == "1"


def test_a_transaction_that_raises_leaves_nothing(path: Path) -> None:
    store = Store(path)
    with suppress(KeyError), store.transaction() as db:
        db.execute("INSERT INTO journal VALUES ('a', '1')")
        raise KeyError
    assert Journal(store).get("a") is None


def test_a_second_agent_on_the_same_folder_is_refused(path: Path) -> None:
    store = Store(path)

    def impatient(name: str) -> sqlite3.Connection:
        db = sqlite3.connect(name, timeout=0.05, isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        return db

    with pytest.raises(StateTaken):
        Store(path, impatient)
    store.close()


@pytest.mark.parametrize("damage", [b"not a database at all" * 300, None])
def test_row_71_a_damaged_file_is_put_aside_and_a_new_memory_begun(
    path: Path, damage: bytes | None
) -> None:
    store = Store(path)
    epoch, outbox = Births(Journal(store)).epoch, Outbox(store)
    for _ in range(60):
        outbox.put("ok", seen("disk", "fail"))
    store.close()
    whole = path.read_bytes()
    # the first page says it is a database, the rest is noise
    path.write_bytes(damage or whole[:4096] + b"\xa5" * (len(whole) - 4096))
    again = Store(path)
    assert "put aside as agent.db.damaged-1" in again.mishap
    assert (path.parent / "agent.db.damaged-1").exists()
    assert again.durable
    assert Births(Journal(again)).epoch != epoch
    assert Outbox(again).kept == 0


def test_row_71_a_lost_write_ahead_file_costs_no_fact_and_no_birth(
    path: Path, tmp_path: Path
) -> None:
    store = Store(path)
    births, outbox = Births(Journal(store)), Outbox(store)
    last = births.next()
    outbox.put("ok", seen("disk", "fail"))
    alone = tmp_path / "alone.db"
    alone.write_bytes(path.read_bytes())  # the file as a power cut leaves it, without its -wal
    store.close()
    copy = Store(alone)
    assert Births(Journal(copy)).next() > last
    assert Outbox(copy).kept == 1


def test_a_second_damage_does_not_overwrite_the_first_evidence(path: Path) -> None:
    for number in (1, 2):
        path.write_bytes(b"x" * 8192)
        store = Store(path)
        assert store.mishap.endswith(f"damaged-{number}")
        store.close()


def test_a_disk_that_cannot_be_written_at_start_does_not_silence_the_kiosk(
    small_disk: SmallDisk,
) -> None:
    small_disk.fill()
    store = Store(small_disk.folder / "agent.db")
    assert not store.durable
    assert "cannot be written" in store.mishap
    outbox = Outbox(store)
    assert outbox.put("ok", seen("disk", "fail"))
    assert Births(Journal(store)).next() == 1


def test_a_full_disk_keeps_facts_in_memory_and_writes_them_when_there_is_room(
    small_disk: SmallDisk,
) -> None:
    path = small_disk.folder / "agent.db"
    store = Store(path)
    births, outbox = Births(Journal(store)), Outbox(store)
    assert births.next() == 1
    assert outbox.put("ok", seen("disk", "warn", why="x" * 300))
    small_disk.fill()
    kept = 0
    while outbox.put("ok", seen("disk", "fail", why="x" * 300, n=kept)):
        kept += 1
        assert kept < 5000
    outbox.put("fail", seen("disk", "warn"))
    assert outbox.waiting == 2
    assert "the disk refuses" in outbox.why()
    assert births.next() == 2
    small_disk.free()
    assert outbox.flush()
    assert outbox.why() == ""
    assert outbox.newest == 1 + kept + 2
    store.close()
    facts = Outbox(Store(path)).after(0, 10_000)
    assert [fact.number for fact in facts] == list(range(1, outbox.newest + 1))


class Unsynced(sqlite3.Connection):
    """A disk whose fsync fails, before or after the bytes have reached the file."""

    fails: str = ""

    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
        if sql != "COMMIT" or not self.fails:
            return super().execute(sql, *rest)
        if self.fails == "after":
            super().execute("COMMIT")
        raise sqlite3.OperationalError("disk I/O error")


@pytest.mark.parametrize("fails", ["before", "after"])
def test_row_72_a_failed_sync_is_a_failed_write_and_counts_once(path: Path, fails: str) -> None:
    def unsure(name: str) -> sqlite3.Connection:
        db = sqlite3.connect(name, isolation_level=None, factory=Unsynced, check_same_thread=False)
        db.execute("PRAGMA journal_mode=WAL")
        return db

    store = Store(path, unsure)
    outbox = Outbox(store)
    outbox.put("ok", seen("disk", "fail", n=1))
    Unsynced.fails = fails
    assert not outbox.put("ok", seen("disk", "fail", n=2))
    assert outbox.newest == 1
    Unsynced.fails = ""
    assert outbox.put("ok", seen("disk", "fail", n=3))
    facts = outbox.after(0, 10)
    assert [(fact.number, fact.observation.facts["n"]) for fact in flips(facts)] == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]
    store.close()


def test_a_file_that_breaks_while_in_use_asks_for_a_new_start(path: Path) -> None:
    store = Store(path)
    journal = Journal(store)
    for number in range(200):
        journal.append("log", f"{number}" * 50)
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\x00" * (len(whole) - 4096))
    with pytest.raises(StorageFailing):
        journal.entries("log")
    assert store.damaged


def test_the_connection_syncs_at_every_commit(path: Path) -> None:
    db = connect(str(path))
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


EARLIER = """
CREATE TABLE journal (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE log (
    number INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, entry TEXT NOT NULL
);
CREATE TABLE facts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket INTEGER NOT NULL UNIQUE,
    old TEXT NOT NULL,
    observation BLOB NOT NULL
);
INSERT INTO journal VALUES ('epoch', '0123456789abcdef'), ('births', '3000');
INSERT INTO facts VALUES (7, 1, 'ok', '{"probe":"disk","state":"fail","at":5}');
INSERT INTO facts VALUES (8, 2, 'fail', '{"probe":"disk","state":"ok","at":6}');
"""


def test_a_file_of_the_earlier_schema_keeps_its_memory_and_its_facts(path: Path) -> None:
    old = sqlite3.connect(path)
    old.executescript(EARLIER)
    old.close()
    for _ in range(2):  # brought along once, and opened as often as one likes
        store = Store(path)
        assert store.mishap == ""
        outbox = Outbox(store)
        assert Births(Journal(store)).epoch == "0123456789abcdef"
        kept = flips(outbox.after(0, 99))
        assert [(f.number, f.old, f.observation.at) for f in kept] == [(7, "ok", 5), (8, "fail", 6)]
        store.close()
    outbox = Outbox(Store(path))
    outbox.put("ok", seen("disk", "fail"))
    assert outbox.newest == 9
