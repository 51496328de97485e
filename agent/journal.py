"""What was decided before it is done: a durable memory of keys, and a log that only grows.

Owns the births: a connection's number is on the disk before the connection is made, so that after
any power cut the next one is higher. Never decides anything itself.
"""

import os
import sqlite3
from collections.abc import Callable
from typing import Final, NamedTuple

from agent.store import StorageFailing, Store

BLOCK: Final = 1000
"""Births reserved at once: a disk that fills up later does not keep the kiosk from connecting."""


class Entry(NamedTuple):
    number: int
    entry: str


def read(db: sqlite3.Connection, key: str) -> str | None:
    """Within somebody's transaction."""
    row = db.execute("SELECT value FROM journal WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def write(db: sqlite3.Connection, key: str, value: str) -> None:
    """Within somebody's transaction: together with what else is decided in it."""
    db.execute("INSERT OR REPLACE INTO journal VALUES (?, ?)", (key, value))


class Journal:
    """Durable when a method returns; each raises StorageFailing when the disk refuses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: str) -> str | None:
        with self._store.transaction() as db:
            return read(db, key)

    def put(self, key: str, value: str) -> None:
        with self._store.transaction() as db:
            write(db, key, value)

    def append(self, topic: str, entry: str) -> int:
        """The number of the new entry; numbers grow and are never used twice."""
        with self._store.transaction() as db:
            sql = "INSERT INTO log (topic, entry) VALUES (?, ?) RETURNING number"
            return int(db.execute(sql, (topic, entry)).fetchone()[0])

    def entries(self, topic: str, after: int = 0) -> list[Entry]:
        sql = "SELECT number, entry FROM log WHERE topic = ? AND number > ? ORDER BY number"
        with self._store.transaction() as db:
            return [Entry(*row) for row in db.execute(sql, (topic, after))]

    def trim(self, topic: str, upto: int) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM log WHERE topic = ? AND number <= ?", (topic, upto))


class Births:
    """`epoch` names this memory: it is made with the file and lost with it."""

    def __init__(
        self, journal: Journal, make_epoch: Callable[[], str] = lambda: os.urandom(8).hex()
    ) -> None:
        self._journal = journal
        epoch = journal.get("epoch")
        if epoch is None:
            epoch = make_epoch()
            journal.put("epoch", epoch)
        self.epoch = epoch
        self._last = self._reserved = int(journal.get("births") or 0)

    def next(self) -> int:
        """A number above every one given before, on any day. Raises StorageFailing."""
        if self._reserved - self._last < BLOCK // 2:
            self._reserve()
        self._last += 1
        return self._last

    def skip(self, birth: int) -> None:
        """The office knows of this birth although this memory does not: go on above it.

        Raises StorageFailing, having skipped nothing.
        """
        if birth > self._last:
            self._journal.put("births", str(birth + BLOCK))
            self._last, self._reserved = birth, birth + BLOCK

    def _reserve(self) -> None:
        until = self._last + BLOCK
        try:
            self._journal.put("births", str(until))
        except StorageFailing:
            if self._reserved <= self._last:
                raise
        else:
            self._reserved = until
