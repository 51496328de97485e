"""Brings a database to the newest schema, at every start, by one process at a time.

Owns the lock and the copy taken before a SQLite file is altered (its DDL is not transactional:
a migration that dies in the middle leaves halves behind, and the copy is the way back).
Never decides what the schema is: that is tables.py and the migrations beside it.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from controller.store.engine import open_engine, sqlite_path

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x616E6A75  # one number of our own among PostgreSQL's advisory locks


def migrate(url: str) -> None:
    """Upgrade the database behind `url` to the newest schema; waits for whoever is at it.

    A SQLite file that has to change is first copied to `<file>.before-<revision>`.
    """
    engine = open_engine(url)
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(engine, path) as conn:
            _upgrade(conn, path)
    finally:
        engine.dispose()


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return made


def _upgrade(conn: Connection, path: Path | None) -> None:
    settings = config()
    head = ScriptDirectory.from_config(settings).get_current_head()
    current = MigrationContext.configure(conn).get_current_revision()
    if current == head:
        return
    if path is not None and current is not None:
        _copy(path, path.with_name(f"{path.name}.before-{head}"))
    settings.attributes["connection"] = conn
    command.upgrade(settings, "head")
    conn.commit()


def _copy(source: Path, target: Path) -> None:
    """A consistent copy even while others read and write."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


@contextmanager
def _alone(engine: Engine, path: Path | None) -> Iterator[Connection]:
    if path is None:
        with engine.connect() as keeper, engine.connect() as conn:
            if engine.dialect.name == "postgresql":
                keeper.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            yield conn  # closing the keeper's session would release the lock, its pool rolls back
            if engine.dialect.name == "postgresql":
                keeper.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
        return
    with path.with_name(f"{path.name}.migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with engine.connect() as conn:
            yield conn
