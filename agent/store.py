"""The kiosk's one database file: opened, guarded, and put aside when it cannot be trusted.

Owns the connection and how durable a transaction is (WAL, synchronous=FULL): when `transaction`
returns, its rows survive a power cut. Everything kept here is a fact or a decision, so there is no
second, laxer way to write. Never knows what the rows mean: `journal`, `outbox` and the ledger do.
A file that cannot be read is kept beside as evidence and a new one begun. A disk that cannot be
written at start must not silence the kiosk: the store then lives in memory and says so.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

Connect = Callable[[str], sqlite3.Connection]

MEMORY: Final = ":memory:"
# Checkpoint after each commit: a lost -wal file then costs nothing, and there are few commits.
# Two do without: see `of_old` and `in_a_hurry`.
_CHECKPOINT_AT_ONCE: Final = "PRAGMA wal_autocheckpoint=1"
_NOT_A_DATABASE: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_SCHEMA: Final = (
    """CREATE TABLE IF NOT EXISTS journal (
        key TEXT PRIMARY KEY, value TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS log (
        number INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, entry TEXT NOT NULL
    )""",
    # AUTOINCREMENT: a number is never used again, even when every fact has been acknowledged.
    # `kind`: flip or result; `old` is a flip's.
    """CREATE TABLE IF NOT EXISTS facts (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        ticket INTEGER NOT NULL UNIQUE,
        kind TEXT NOT NULL DEFAULT 'flip',
        old TEXT NOT NULL,
        body BLOB NOT NULL
    )""",
    # `envelope` is kept while it is open, `result` once it has ended; `boot` and `process` name the
    # start of the machine and of the agent in which it was begun.
    """CREATE TABLE IF NOT EXISTS commands (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        envelope TEXT NOT NULL,
        undo TEXT,
        boot TEXT NOT NULL DEFAULT '',
        process TEXT NOT NULL DEFAULT '',
        began INTEGER NOT NULL DEFAULT 0,
        lived INTEGER NOT NULL DEFAULT 0,
        result BLOB,
        ticket INTEGER
    )""",
    """CREATE INDEX IF NOT EXISTS commands_open ON commands (number)
        WHERE state IN ('accepted', 'running')""",
)
# What an earlier version of this file lacks: (table, column) -> what makes it so.
_GROWN: Final = {
    ("facts", "kind"): "ALTER TABLE facts ADD COLUMN kind TEXT NOT NULL DEFAULT 'flip'",
    ("facts", "body"): "ALTER TABLE facts RENAME COLUMN observation TO body",
}


class StorageFailing(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """The disk did not take a transaction: nothing of it counts, the caller keeps it."""


class StateTaken(Exception):  # noqa: N818
    """Another agent holds this state folder. Whoever started the second one must act."""


def connect(path: str) -> sqlite3.Connection:
    """A connection whose every commit is on the disk when it returns."""
    db = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
    # One agent a file: a second one must be refused, not share the births.
    db.execute("PRAGMA locking_mode=EXCLUSIVE")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute(_CHECKPOINT_AT_ONCE)
    db.execute("PRAGMA cache_size=-256")  # KiB
    return db


class Store:
    """`mishap` is one sentence on what befell the file at start, empty when nothing did.

    `durable` is false while it lives in memory. `damaged` turns true when the file breaks while in
    use: only a start puts it aside, so the process should end. Safe to use from several threads.
    """

    def __init__(self, path: Path, connect: Connect = connect) -> None:
        self._path = path
        self._connect = connect
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self.durable = True
        self.damaged = False
        self.mishap = ""
        self._begin()

    @contextlib.contextmanager
    def transaction(self, *, of_old: bool = False) -> Iterator[sqlite3.Connection]:
        """All or nothing, on the disk at exit. Raises StorageFailing when the disk refuses.

        `of_old`: forgets only what is not needed any more. The checkpoint comes before it instead
        of after: its own rows begin the -wal anew, which costs a sync that nobody waits for here
        and whoever comes next, perhaps a command, would have to.
        """
        with self._lock:
            try:
                db = self._db = self._db or self._connect(str(self._path))
                if of_old:
                    db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                db.execute(_CHECKPOINT_AT_ONCE)
                db.execute("BEGIN IMMEDIATE")
                if of_old:
                    self.in_a_hurry(db)
                yield db
                db.execute("COMMIT")
            except sqlite3.Error as error:
                self._abandon()
                self.damaged = self.damaged or _primary(error) in _NOT_A_DATABASE
                raise StorageFailing(str(error)) from error
            except BaseException:
                self._abandon()
                raise

    @staticmethod
    def in_a_hurry(db: sqlite3.Connection) -> None:
        """Within a transaction: it is as durable, and the next one checkpoints it, too.

        Somebody waits for what it writes, and a checkpoint makes the disk write it all twice.
        """
        db.execute("PRAGMA wal_autocheckpoint=0")

    def close(self) -> None:
        with self._lock:
            self._abandon()

    def _begin(self) -> None:
        try:
            self._open(str(self._path))
        except sqlite3.DatabaseError as error:
            self._abandon()
            if _primary(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise StateTaken(f"{self._path} is used by another agent") from error
            if _primary(error) in _NOT_A_DATABASE:
                self._begin_anew(error)
            else:
                self._begin_in_memory(error)

    def _begin_anew(self, error: sqlite3.Error) -> None:
        try:
            aside = _put_aside(self._path)
            self._open(str(self._path))
        except (OSError, sqlite3.Error) as worse:
            self._abandon()
            self._begin_in_memory(worse)
            return
        self.mishap = f"the state file was damaged ({error}) and put aside as {aside.name}"

    def _begin_in_memory(self, error: Exception) -> None:
        self._open(MEMORY)
        self.durable = False
        self.mishap = f"the disk cannot be written ({error}): nothing survives a power cut"

    def _open(self, path: str) -> None:
        """Open, examine, and write once: what cannot be written now must not be relied on."""
        db = self._db = self._connect(path)
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise _damaged(str(verdict))
        db.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA:
            db.execute(statement)
        for (table, column), statement in _GROWN.items():
            if column not in {row[1] for row in db.execute(f"PRAGMA table_info({table})")}:
                db.execute(statement)
        db.execute(
            "INSERT INTO journal VALUES ('opened', 1)"
            " ON CONFLICT (key) DO UPDATE SET value = value + 1"
        )
        db.execute("COMMIT")

    def _abandon(self) -> None:
        """Close after a failure: what SQLite believes of a file it could not sync is not asked."""
        if self._db is None or not self.durable:
            if self._db is not None and self._db.in_transaction:
                self._db.execute("ROLLBACK")
            return
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        self._db = None


def _put_aside(path: Path) -> Path:
    """Move the file and its companions to the first free name. Returns the new name."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm"):
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.rename(aside.with_name(aside.name + suffix))
    return path.rename(aside)


def _primary(error: sqlite3.Error) -> int:
    """The primary result code: extended codes say where, not what."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _damaged(verdict: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(verdict)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error
