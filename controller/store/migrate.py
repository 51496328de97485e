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
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from controller.store.engine import open_engine, sqlite_path

if TYPE_CHECKING:
    from alembic.config import Config

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


def head() -> str:
    """The newest schema there is: migrations are numbered, the number begins the file's name."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))[:4]


def config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as below

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return made


def _upgrade(conn: Connection, path: Path | None) -> None:
    current, newest = _revision(conn), head()
    if current == newest:
        return
    from alembic import command  # noqa: PLC0415 - slow to load, and most starts change nothing

    if path is not None and current is not None:
        _copy(path, path.with_name(f"{path.name}.before-{newest}"))
    settings = config()
    settings.attributes["connection"] = conn
    command.upgrade(settings, "head")
    conn.commit()


def _revision(conn: Connection) -> str | None:
    """That of the schema; None for an empty database."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
    return found


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
