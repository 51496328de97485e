"""Guessing becomes slow where it happens, and nowhere else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from controller.people.throttle import ADDRESS, FORGET_MS, PAIR, Rule, Turn, forgive, prune, take
from controller.store.engine import open_engine, writing
from controller.store.people_tables import throttle
from tests.support.people import NOW

HERE, THERE = "192.0.2.1", "198.51.100.9"


@pytest.fixture
def engine(database: str) -> Engine:
    return open_engine(database)


def tried(engine: Engine, login: str, address: str, now: int = NOW) -> Turn:
    with writing(engine) as conn:
        return take(conn, login, address, now)


def exhausted(engine: Engine, login: str, address: str, now: int = NOW) -> None:
    while tried(engine, login, address, now).wait_ms == 0:
        pass


def test_the_first_tries_are_free_and_then_each_waits_longer(engine: Engine) -> None:
    assert [tried(engine, "pagi", HERE) for _ in range(5)] == [Turn(0)] * 4 + [Turn(0, first=True)]
    now, waits = NOW, []
    for _ in range(5):
        wait = tried(engine, "pagi", HERE, now).wait_ms
        waits.append(wait)
        now += wait
        assert tried(engine, "pagi", HERE, now) == Turn(0)
    assert waits == [1000, 2000, 4000, 8000, 16000]


def test_waiting_is_not_made_longer_by_knocking(engine: Engine) -> None:
    exhausted(engine, "pagi", HERE)
    for _ in range(50):
        assert tried(engine, "pagi", HERE, NOW + 400).wait_ms == 600


def test_row_68_nobody_is_locked_out_by_somebody_elsewhere(engine: Engine) -> None:
    now = NOW
    for _ in range(40):
        now += tried(engine, "pagi", THERE, now).wait_ms
        tried(engine, "pagi", THERE, now)
    assert tried(engine, "pagi", THERE, now).wait_ms > 0
    assert tried(engine, "pagi", HERE, now).wait_ms == 0


def test_row_68_one_address_cannot_try_every_account(engine: Engine) -> None:
    waited = [tried(engine, f"user-{n}", THERE).wait_ms for n in range(ADDRESS.free + 1)]
    assert waited == [0] * ADDRESS.free + [1000]
    assert tried(engine, "user-1", HERE).wait_ms == 0


def test_an_office_behind_one_address_never_waits_long(engine: Engine) -> None:
    now, longest = NOW, 0
    for n in range(ADDRESS.free + 40):
        wait = tried(engine, f"user-{n}", HERE, now).wait_ms
        longest, now = max(longest, wait), now + wait
        tried(engine, f"user-{n}", HERE, now)
    assert longest <= ADDRESS.most_ms


def test_row_68_a_household_of_many_addresses_is_one(engine: Engine) -> None:
    exhausted(engine, "pagi", "2001:db8:1:2::1")
    assert tried(engine, "pagi", "2001:db8:1:2:ffff::9").wait_ms > 0
    assert tried(engine, "pagi", "2001:db8:1:3::1").wait_ms == 0


def test_the_right_password_wipes_the_slate_for_this_account_here(engine: Engine) -> None:
    for _ in range(4):
        tried(engine, "pagi", HERE)
    with writing(engine) as conn:
        forgive(conn, "pagi", HERE)
    assert [tried(engine, "pagi", HERE).wait_ms for _ in range(5)] == [0] * 5


def test_row_68_an_account_of_ones_own_does_not_wash_an_address_clean(engine: Engine) -> None:
    for n in range(ADDRESS.free - 1):
        tried(engine, f"user-{n}", THERE)
        tried(engine, "own", THERE)
        with writing(engine) as conn:
            forgive(conn, "own", THERE)
    tried(engine, "last", THERE)
    assert tried(engine, "another", THERE).wait_ms > 0


def test_a_slate_is_forgotten_after_an_hour(engine: Engine) -> None:
    for _ in range(4):
        tried(engine, "pagi", HERE)
    assert tried(engine, "pagi", HERE, NOW + FORGET_MS) == Turn(0)
    assert tried(engine, "pagi", HERE, NOW + FORGET_MS) == Turn(0)


def test_what_is_forgotten_leaves_the_table(engine: Engine) -> None:
    tried(engine, "pagi", HERE)
    with writing(engine) as conn:
        prune(conn, NOW + FORGET_MS)
        assert conn.scalar(select(func.count()).select_from(throttle)) == 2
        prune(conn, NOW + FORGET_MS + 1)
        assert conn.scalar(select(func.count()).select_from(throttle)) == 0


def test_fifty_attempts_at_once_are_fifty(engine: Engine) -> None:
    with ThreadPoolExecutor(10) as pool:
        turns = list(pool.map(lambda _: tried(engine, "pagi", HERE), range(50)))
    assert sum(turn.wait_ms == 0 for turn in turns) == PAIR.free


@pytest.mark.parametrize("login", ["", "\0", "\ud800", "x" * 100_000, "a|b", "'; DROP TABLE x"])
def test_whatever_is_typed_can_be_counted(engine: Engine, login: str) -> None:
    assert tried(engine, login, login) == Turn(0)
    with engine.connect() as conn:
        assert not [key for key in conn.scalars(select(throttle.c.key)) if login and login in key]


@given(st.integers(0, 100), st.integers(0, 10_000))
def test_a_wait_only_grows_up_to_its_most(free: int, attempts: int) -> None:
    rule = Rule(free, 900_000)
    assert rule.wait(attempts) <= rule.wait(attempts + 1) <= rule.most_ms
    assert (rule.wait(attempts) == 0) == (attempts < free)
