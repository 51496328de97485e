"""A broken SQLite file: found at the start, kept for a person, replaced by what is readable.

Owns the check and the rescue. The broken file is moved aside and never written again; whatever
rows can still be read go into a fresh one. What could not be read is said, table by table: the
facts kiosks still hold will come again by themselves, the rest is gone.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from controller.store.engine import sqlite_path
from controller.store.migrate import migrate
from controller.store.tables import metadata

STEP = 256  # rowids looked at together; where a page is bad, half and half of them


class Rescue(NamedTuple):
    """`rows` by table; `hurt` are the tables of which something could not be read."""

    quarantined: Path
    problem: str
    rows: dict[str, int]
    hurt: tuple[str, ...]

    def __str__(self) -> str:
        saved = ", ".join(f"{count} {name}" for name, count in self.rows.items() if count)
        lost = f"; not all of: {', '.join(self.hurt)}" if self.hurt else ""
        return (
            f"THE DATABASE WAS BROKEN ({self.problem}). It is kept as {self.quarantined.name}; "
            f"rescued into a new one: {saved or 'nothing'}{lost}"
        )


def rescue(url: str, now: int) -> Rescue | None:
    """Check the file behind `url` and replace it when it is broken. None when it is sound.

    Only one process may call this, before anybody else opens the database.
    """
    path = sqlite_path(url)
    if path is None or not path.exists() or path.stat().st_size == 0:
        return None
    problem = problem_of(path)
    if problem is None:
        return None
    aside = path.with_name(f"{path.name}.broken-{now}")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    migrate(url)
    rows, hurt = _copy_readable(aside, path)
    return Rescue(aside, problem, rows, hurt)


def problem_of(path: Path) -> str | None:
    """One line about what is wrong with the file; None when nothing is."""
    try:
        with closing(sqlite3.connect(path)) as conn:
            found = str(conn.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return str(error)
        raise  # full, locked or forbidden: that is no reason to replace it
    return None if found == "ok" else " ".join(found.split())[:200]


def _copy_readable(broken: Path, fresh: Path) -> tuple[dict[str, int], tuple[str, ...]]:
    rows: dict[str, int] = {}
    hurt: list[str] = []
    with closing(sqlite3.connect(broken)) as old, closing(sqlite3.connect(fresh)) as new:
        for table in metadata.sorted_tables:
            if table.name == "lease":
                continue  # the fresh one has its rows, and no lease outlives this
            names = [c.name for c in table.columns if c.computed is None]
            before = new.total_changes
            whole = _copy_table(old, new, table.name, names)
            rows[table.name] = new.total_changes - before
            if not whole:
                hurt.append(table.name)
        new.commit()
    return rows, tuple(hurt)


def _copy_table(
    old: sqlite3.Connection, new: sqlite3.Connection, table: str, names: list[str]
) -> bool:
    """False when part of it could not be read."""
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    insert = f'INSERT OR IGNORE INTO "{table}" ({columns}) VALUES ({marks})'  # noqa: S608 - our names
    try:
        for chunk in _chunks(old, table, columns):
            new.executemany(insert, chunk)
    except sqlite3.DatabaseError:
        _by_rowid(old, new, table, columns, insert)
        return False
    return True


def _chunks(old: sqlite3.Connection, table: str, columns: str) -> Iterator[list[tuple[object]]]:
    cursor = old.execute(f'SELECT {columns} FROM "{table}"')  # noqa: S608 - our own names
    while chunk := cursor.fetchmany(STEP):
        yield chunk


def _by_rowid(
    old: sqlite3.Connection, new: sqlite3.Connection, table: str, columns: str, insert: str
) -> None:
    """Step over what cannot be read."""
    try:
        last = old.execute(f'SELECT max(rowid) FROM "{table}"').fetchone()[0] or 0  # noqa: S608
    except sqlite3.DatabaseError:
        return
    query = f'SELECT {columns} FROM "{table}" WHERE rowid >= ? AND rowid < ?'  # noqa: S608
    spans = [(start, start + STEP) for start in range(0, last + 1, STEP)]
    while spans:
        first, end = spans.pop()
        try:
            new.executemany(insert, old.execute(query, (first, end)).fetchall())
        except sqlite3.DatabaseError:
            middle = (first + end) // 2
            spans += [(first, middle), (middle, end)] if first < middle else []
