"""Migrations, on both databases."""

from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, func, inspect, select, text

from controller.store.engine import open_engine, writing
from controller.store.migrate import config, head, migrate
from controller.store.tables import metadata


def test_migrated_schema_is_what_tables_say(database: str) -> None:
    with open_engine(database).connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_newest_schema_is_told_by_the_names_of_the_files() -> None:
    assert head() == ScriptDirectory.from_config(config()).get_current_head()


def test_every_partition_has_its_lease_row(database: str) -> None:
    with open_engine(database).connect() as conn:
        rows = conn.execute(text("SELECT partition, holder FROM lease ORDER BY partition")).all()
    assert [tuple(row) for row in rows] == [(number, "") for number in range(16)]


def test_migrating_twice_changes_nothing(database: str) -> None:
    migrate(database)
    test_migrated_schema_is_what_tables_say(database)


def test_many_starting_at_once_migrate_once(empty_database: str) -> None:
    failures: list[Exception] = []

    def start() -> None:
        try:
            migrate(empty_database)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)

    starters = [Thread(target=start) for _ in range(4)]
    for one in starters:
        one.start()
    for one in starters:
        one.join()
    assert failures == []
    test_every_partition_has_its_lease_row(empty_database)


def test_a_migration_can_be_taken_back(database: str) -> None:
    settings = config()
    with open_engine(database).connect() as conn:
        settings.attributes["connection"] = conn
        command.downgrade(settings, "base")
        conn.commit()
        assert set(inspect(conn).get_table_names()) <= {"alembic_version"}


def fill(conn: Connection, schema: MetaData) -> None:
    """A row into each table that is empty."""
    schema.reflect(conn)
    for table in schema.sorted_tables:
        if not conn.scalar(select(func.count()).select_from(table)):
            given = (one for one in table.c if one.computed is None)
            conn.execute(table.insert().values({one.name: something(one) for one in given}))


def rows(conn: Connection, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in conn.execute(text(f'SELECT * FROM "{table}"')).mappings()]


def something(column: Column[Any]) -> Any:
    """That fits; 1 leads to the one row of another table."""
    kinds = {bool: True, int: 1, float: 1.0, bytes: b"x", dict: {"a": 1}}
    return kinds.get(column.type.python_type, "1")


def test_nothing_that_an_older_release_kept_is_lost_on_the_way_to_the_newest(
    empty_database: str,
) -> None:
    settings, schema = config(), MetaData()
    with open_engine(empty_database).connect() as conn:
        settings.attributes["connection"] = conn
        for revision in ("0004", "0005"):
            command.upgrade(settings, revision)
            fill(conn, schema)
            conn.commit()
        kept = {name: rows(conn, name) for name in schema.tables if name != "alembic_version"}
    migrate(empty_database)
    assert len(kept) > 40
    with open_engine(empty_database).connect() as conn:
        for name, before in kept.items():
            now = rows(conn, name)
            assert [new | old for new, old in zip(now, before, strict=True)] == now, name


def test_a_sqlite_file_is_copied_before_it_is_altered(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url)
    with writing(engine) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        conn.execute(text("INSERT INTO site VALUES ('32.73.01', 'Sukasari', 'Bandung', -6, 107)"))
        conn.execute(text("DROP TABLE dead_letter"))
        conn.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Exception, match="0000"):
        migrate(sqlite_url)
    (copy,) = tmp_path.glob("office.db.before-*")
    with open_engine(f"sqlite:///{copy}").connect() as conn:
        assert conn.scalar(text("SELECT name FROM site")) == "Sukasari"
