"""Rings are heard at once, and whatever happens nobody waits for them."""

import select
import stat
from pathlib import Path

import pytest

from controller.bell import Listener, ring
from controller.store.engine import open_engine
from tests.support.wait import until


def heard(one: Listener, within_s: float = 10.0) -> bool:
    readable, _, _ = select.select([one], [], [], within_s)
    if readable:
        one.read()
    return bool(readable)


def test_every_controller_hears_a_ring(database: str) -> None:
    engine = open_engine(database)
    ears = [Listener(engine), Listener(engine)]
    for one in ears:
        one.tend()
    ring(engine)
    assert [heard(one) for one in ears] == [True, True]
    assert [one.rung for one in ears] == [1, 1]
    ring(engine)
    ring(engine)
    for one in ears:
        until(lambda one=one: heard(one, 0.1) or one.rung == 3, 10)  # type: ignore[misc]
    for one in ears:
        one.close()
        assert one.fileno() == -1


def test_nobody_listening_and_a_database_that_is_gone_disturb_nobody(tmp_path: Path) -> None:
    ring(open_engine(f"sqlite:///{tmp_path}/none/office.db"))
    ring(open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    ring(open_engine("sqlite:///:memory:"))
    deaf = Listener(open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    deaf.tend()
    assert deaf.fileno() == -1
    deaf.read()
    deaf.close()


def test_the_ears_of_the_dead_are_removed_and_those_of_the_living_are_not(
    sqlite_url: str, tmp_path: Path
) -> None:
    engine = open_engine(sqlite_url)
    dead, living = Listener(engine), Listener(engine)
    dead.tend()
    left = next(tmp_path.glob("bell-*"))
    assert dead._ear is not None
    dead._ear._socket.close()  # type: ignore[union-attr]  # as a kill does it
    living.tend()
    assert not left.exists()
    assert len(list(tmp_path.glob("bell-*"))) == 1
    living.close()
    assert list(tmp_path.glob("bell-*")) == []


def test_a_ring_removes_the_ear_of_one_killed_since(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url)
    one = Listener(engine)
    one.tend()
    one._ear._socket.close()  # type: ignore[union-attr]
    ring(engine)
    assert list(tmp_path.glob("bell-*")) == []


def test_an_ear_whose_file_was_swept_away_is_made_again(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url)
    one = Listener(engine)
    one.tend()
    next(tmp_path.glob("bell-*")).unlink()
    one.tend()
    ring(engine)
    assert heard(one)
    one.close()


def test_only_the_offices_own_people_may_ring(sqlite_url: str, tmp_path: Path) -> None:
    one = Listener(open_engine(sqlite_url))
    one.tend()
    mode = stat.S_IMODE(next(tmp_path.glob("bell-*")).stat().st_mode)
    assert mode == 0o660
    one.close()


@pytest.mark.parametrize("depth", [1, 12])
def test_a_long_path_is_no_obstacle(tmp_path: Path, depth: int) -> None:
    folder = tmp_path.joinpath(*["a-folder-of-a-long-name"] * depth)
    folder.mkdir(parents=True)
    engine = open_engine(f"sqlite:///{folder}/{'office' * 20}.db")
    one = Listener(engine)
    one.tend()
    ring(engine)
    assert heard(one)
    one.close()


def test_more_rings_than_fit_are_one(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    one = Listener(engine)
    one.tend()
    for _ in range(2_000):
        ring(engine)
    assert heard(one)
    assert one.rung >= 1
    assert not heard(one, 0)
    one.close()


def test_a_listener_hears_again_when_the_database_is_back(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    one = Listener(engine)
    one.tend()
    name = postgres_url.rsplit("/", 1)[1]
    with engine.connect() as conn:
        ours = f"datname = '{name}' AND pid <> pg_backend_pid()"
        conn.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")

    def rings() -> int:
        one.tend()
        ring(engine)
        heard(one, 0.5)  # also the end of its connection wakes it up
        return one.rung

    until(rings, 15)
    one.close()
