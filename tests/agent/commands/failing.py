"""A disk that refuses: before a commit reaches it, or after it has reached it all the same."""

import sqlite3
from pathlib import Path
from typing import Any, Literal

from agent.store import Store


class Disk:
    """`mood` may change at any moment."""

    def __init__(self) -> None:
        self.mood: Literal["well", "refuses", "lies"] = "well"

    def store(self, path: Path) -> Store:
        return Store(path, self._connect)

    def _connect(self, path: str) -> sqlite3.Connection:
        disk = self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
                if sql == "COMMIT" and disk.mood == "refuses":
                    raise sqlite3.OperationalError("disk I/O error")
                done = super().execute(sql, *rest)
                if sql == "COMMIT" and disk.mood == "lies":
                    raise sqlite3.OperationalError("disk I/O error")
                return done

        db = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, factory=Connection
        )
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=OFF")
        return db
