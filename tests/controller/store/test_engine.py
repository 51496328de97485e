"""Both databases through one door."""

from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from controller.store.engine import insert_new, open_engine, sqlite_path, upsert, writing
from controller.store.tables import controller, site

SITE = {"code": "32.73.01", "name": "Sukasari", "regency": "Bandung", "lat": -6.8, "lng": 107.5}


def test_an_upsert_inserts_and_then_updates(database: str) -> None:
    engine = open_engine(database)
    for name in ("Sukasari", "Sukajadi"):
        with writing(engine) as conn:
            conn.execute(upsert(conn, site, ["code"]), [{**SITE, "name": name}])
    with engine.connect() as conn:
        assert [row.name for row in conn.execute(select(site))] == ["Sukajadi"]


def test_an_upsert_leaves_columns_alone_that_were_not_named(database: str) -> None:
    engine = open_engine(database)
    with writing(engine) as conn:
        conn.execute(insert(site), [SITE])
        conn.execute(upsert(conn, site, ["code"], ["lat"]), [{**SITE, "name": "no", "lat": 1.0}])
        assert conn.execute(select(site.c.name, site.c.lat)).one() == ("Sukasari", 1.0)


def test_insert_new_keeps_what_is_there(database: str) -> None:
    engine = open_engine(database)
    with writing(engine) as conn:
        conn.execute(insert_new(conn, site), [SITE, {**SITE, "name": "late"}])
        assert conn.scalar(select(site.c.name)) == "Sukasari"


def test_json_columns_keep_their_values(database: str) -> None:
    engine = open_engine(database)
    counters = {"a": {'x="1"': 2**53, "ü": 0.5, "n": None, "t": True}}
    row = {
        "name": "c", "started_at": 1, "heard_at": 1, "link": "up", "link_why": "", "broker": "b",
        "counters": counters,
    }  # fmt: skip
    with writing(engine) as conn:
        conn.execute(insert(controller), [row])
        assert conn.scalar(select(controller.c.counters)) == counters


def test_two_writers_wait_for_each_other(database: str) -> None:
    engine = open_engine(database)
    with writing(engine) as conn:
        conn.execute(insert(site), [{**SITE, "lat": 0.0}])

    def count() -> None:
        for _ in range(25):
            with writing(engine) as conn:
                seen = conn.scalar(select(site.c.lat).with_for_update())
                conn.execute(site.update().values(lat=(seen or 0.0) + 1))

    writers = [Thread(target=count) for _ in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    with engine.connect() as conn:
        assert conn.scalar(select(site.c.lat)) == 100


def test_a_failed_block_leaves_nothing(database: str) -> None:
    engine = open_engine(database)
    with pytest.raises(IntegrityError), writing(engine) as conn:
        conn.execute(insert(site), [SITE, SITE])
    with engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(site)) == 0


def test_sqlite_commits_reach_the_disk(sqlite_url: str) -> None:
    with open_engine(sqlite_url).connect() as conn:
        assert conn.scalar(text("PRAGMA synchronous")) == 2
        assert conn.scalar(text("PRAGMA journal_mode")) == "wal"
        assert conn.scalar(text("PRAGMA foreign_keys")) == 1


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="neither SQLite nor PostgreSQL"):
        open_engine("mysql://x/y")


def test_only_sqlite_has_a_file() -> None:
    assert sqlite_path("sqlite:////var/office.db") == Path("/var/office.db")
    assert sqlite_path("sqlite://") is None
    assert sqlite_path("postgresql+psycopg://x/y") is None
