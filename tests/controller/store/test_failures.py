"""A failed transaction is sorted by who must act."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, OperationalError

from controller.store.engine import open_engine, writing
from controller.store.failures import (
    Meaning,
    StoreAway,
    StoreBroken,
    absence,
    meaning,
    reason,
    refuse,
)
from controller.store.tables import kiosk


def sqlite_error(code: int, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    error = sqlite3.OperationalError(f"code {code}")
    error.sqlite_errorcode = code
    return kind("SELECT secret", {"a": 1}, error)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_FULL, "wait"),
        (sqlite3.SQLITE_BUSY, "wait"),
        (sqlite3.SQLITE_IOERR_SHMSIZE, "wait"),
        (sqlite3.SQLITE_IOERR_FSYNC, "die"),
        (sqlite3.SQLITE_IOERR_WRITE, "die"),
        (sqlite3.SQLITE_CORRUPT, "die"),
        (sqlite3.SQLITE_NOTADB, "die"),
    ],
)
def test_what_sqlite_says_is_sorted(code: int, expected: Meaning) -> None:
    assert meaning(sqlite_error(code)) == expected


def test_a_rule_of_the_database_is_the_contents_fault(database: str) -> None:
    row = {"name": "x", "site_code": "none", "partition": 0, "registered_at": 0}
    with pytest.raises(DBAPIError) as error, writing(open_engine(database)) as conn:
        conn.execute(insert(kiosk), [row])
    assert meaning(error.value) == "blame"


def test_a_file_that_is_no_database_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(DBAPIError) as error, open_engine(f"sqlite:///{path}").connect() as conn:
        conn.execute(text("SELECT 1"))
    assert meaning(error.value) == "die"


def test_a_postgresql_that_is_away_is_waited_for() -> None:
    with pytest.raises(DBAPIError) as error:
        open_engine("postgresql+psycopg://postgres@127.0.0.1:1/x").connect()
    assert meaning(error.value) == "wait"


def test_a_bug_of_ours_is_not_blamed_on_the_disk() -> None:
    assert meaning(ZeroDivisionError()) == "blame"
    refuse(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        absence(ZeroDivisionError())


def test_refusals_say_why_without_the_statement() -> None:
    with pytest.raises(StoreAway, match=r"^code 13$"):
        refuse(sqlite_error(sqlite3.SQLITE_FULL))
    with pytest.raises(StoreBroken):
        refuse(sqlite_error(sqlite3.SQLITE_IOERR_FSYNC))
    assert absence(sqlite_error(sqlite3.SQLITE_FULL)) == "code 13"
    assert absence(StoreAway("full")) == "full"
    assert reason(ValueError()) == "ValueError"
