"""One database, SQLite or PostgreSQL, chosen by its URL and opened the same way by everybody.

Owns the pragmas, the way a transaction begins, JSON columns and the dialects' upsert.
Never knows what is stored. On SQLite a transaction that will write must say so before it reads
(`writing`): one that begins as a reader and writes later fails with "database is locked" instead
of waiting its turn.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.sql.dml import Insert

BUSY_MS = 5000
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an acknowledged fact must survive a cut of the power
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
)
_IMMEDIATE = "anjungan_writes"
_RELAXED = "anjungan_relaxed"

_encoder = msgspec.json.Encoder()


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://...`. Opens nothing yet."""
    parsed = make_url(url)
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"neither SQLite nor PostgreSQL: {parsed.render_as_string()}")
    engine = create_engine(
        parsed,
        json_serializer=_to_json,
        json_deserializer=msgspec.json.decode,
        pool_pre_ping=parsed.get_backend_name() == "postgresql",
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine, *, relaxed: bool = False) -> Iterator[Connection]:
    """One transaction that writes: committed at the end of the block, or rolled back.

    `relaxed`: it outlives this process but perhaps not a cut of the power, and costs no sync; the
    next one that is not takes it to the disk. Only for what can be found out again.
    """
    with engine.connect() as conn:
        # Of the connection, which costs less than an engine with these options.
        conn.execution_options(**{_IMMEDIATE: True, _RELAXED: relaxed})
        with conn.begin():
            if relaxed and conn.dialect.name == "postgresql":
                conn.exec_driver_sql("SET LOCAL synchronous_commit = off")
            yield conn


def upsert(
    conn: Connection, table: Table, key: Iterable[str], update: Iterable[str] | None = None
) -> Insert:
    """An INSERT that updates the `update` columns (default: all but the key) of a known key."""
    columns = tuple(update) if update is not None else None
    return _upsert(conn.dialect.name, table, tuple(key), columns)


@cache
def _upsert(
    dialect: str, table: Table, keys: tuple[str, ...], update: tuple[str, ...] | None
) -> Insert:
    insert = _insert(dialect, table)
    ours = (c.name for c in table.c if c.name not in keys and c.computed is None)
    names = update if update is not None else ours
    changes = {name: insert.excluded[name] for name in names}
    made: Insert = insert.on_conflict_do_update(index_elements=keys, set_=changes)
    return made


def insert_new(conn: Connection, table: Table) -> Insert:
    """An INSERT that leaves alone what is already there."""
    return _insert_new(conn.dialect.name, table)


@cache
def _insert_new(dialect: str, table: Table) -> Insert:
    made: Insert = _insert(dialect, table).on_conflict_do_nothing()
    return made


def sqlite_path(url: str | URL) -> Path | None:
    """The file behind a URL; None for PostgreSQL and for a database in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def _insert(dialect: str, table: Table) -> Any:  # the two dialects share no base for this
    return sqlite_insert(table) if dialect == "sqlite" else postgresql_insert(table)


def _to_json(value: object) -> str:
    return _encoder.encode(value).decode()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    options = conn.get_execution_options()
    writes = options.get(_IMMEDIATE, False)
    if writes:
        _sync(conn, "NORMAL" if options.get(_RELAXED) else "FULL")
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _sync(conn: Connection, wanted: str) -> None:
    """A connection keeps it from one transaction to the next: mostly there is nothing to say."""
    if conn.info.get(_RELAXED) != wanted:
        conn.exec_driver_sql(f"PRAGMA synchronous={wanted}")
        conn.info[_RELAXED] = wanted
