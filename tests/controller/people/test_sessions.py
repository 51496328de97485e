"""A session holds for a shift, ends when it is told to, and is of nobody who read the table."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from controller.people.sessions import (
    KEPT_MS,
    Lifetime,
    Origin,
    end,
    end_all,
    end_marked,
    find,
    prune,
    sessions_of,
    start,
    touch,
)
from controller.store.engine import open_engine, writing
from controller.store.people_tables import login_session
from tests.support.people import HERE, NOW, add_person, log_in

HOUR = 60 * 60_000


@pytest.fixture
def engine(database: str) -> Engine:
    return open_engine(database)


@pytest.fixture
def number(engine: Engine) -> int:
    return add_person(engine, "pagi", ("technician", "32.73"))


def held(engine: Engine, token: str, now: int, **more: Any) -> Any:
    with engine.connect() as conn:
        return find(conn, token, now, **more)


def test_a_session_leads_to_its_person(engine: Engine, number: int) -> None:
    started = log_in(engine, number)
    found = held(engine, started.token, NOW + 1)
    assert (found.person.login, found.csrf) == ("pagi", started.csrf)
    assert started.token not in (found.mark, found.csrf)


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 5000, "\ud800" * 43, "' OR 1=1 --" * 4])
def test_what_is_no_token_leads_to_nobody(engine: Engine, number: int, token: str) -> None:
    log_in(engine, number)
    assert held(engine, token, NOW) is None


def test_what_the_table_holds_opens_nothing(engine: Engine, number: int) -> None:
    started = log_in(engine, number)
    with engine.connect() as conn:
        stored = conn.scalars(select(login_session.c.token_sha256)).one()
    assert held(engine, stored, NOW) is None
    assert held(engine, held(engine, started.token, NOW).mark, NOW) is None


def test_a_session_ends_an_hour_after_it_was_last_heard_of(engine: Engine, number: int) -> None:
    token = log_in(engine, number).token
    assert held(engine, token, NOW + HOUR - 1)
    assert held(engine, token, NOW + HOUR) is None
    with writing(engine) as conn:
        touch(conn, token, NOW + HOUR - 1)
    assert held(engine, token, NOW + HOUR)


def test_a_session_ends_with_the_shift_however_busy(engine: Engine, number: int) -> None:
    token = log_in(engine, number).token
    with writing(engine) as conn:
        touch(conn, token, NOW + 12 * HOUR - 2)
    assert held(engine, token, NOW + 12 * HOUR - 1)
    assert held(engine, token, NOW + 12 * HOUR) is None


def test_an_office_may_want_less(engine: Engine, number: int) -> None:
    strict = Lifetime(most=10 * HOUR, idle=HOUR // 4)
    with writing(engine) as conn:
        token = start(conn, number, HERE, NOW, strict).token
    assert held(engine, token, NOW + HOUR // 4 - 1, lifetime=strict)
    assert held(engine, token, NOW + HOUR // 4, lifetime=strict) is None


def test_an_older_time_is_not_written_over_a_newer(engine: Engine, number: int) -> None:
    token = log_in(engine, number).token
    with writing(engine) as conn:
        touch(conn, token, NOW + 5)
        touch(conn, token, NOW + 3)
    assert held(engine, token, NOW + 6).seen_at == NOW + 5


def test_row_68_a_stolen_cookie_is_worth_nothing_after_the_logout(
    engine: Engine, number: int
) -> None:
    token = log_in(engine, number).token
    with writing(engine) as conn:
        assert end(conn, token, NOW + 1)
        assert not end(conn, token, NOW + 2)
        touch(conn, token, NOW + 3)
    assert held(engine, token, NOW + 4) is None


def test_row_68_every_login_is_a_new_session(engine: Engine, number: int) -> None:
    made = [log_in(engine, number) for _ in range(3)]
    assert len({one.token for one in made} | {one.csrf for one in made}) == 6


def test_all_sessions_of_one_person_end_and_nobody_elses(engine: Engine, number: int) -> None:
    other = log_in(engine, add_person(engine, "malam")).token
    mine = [log_in(engine, number).token for _ in range(3)]
    with writing(engine) as conn:
        assert end_all(conn, number, NOW) == 3
    assert [held(engine, one, NOW) for one in mine] == [None] * 3
    assert held(engine, other, NOW)


def test_people_see_and_end_their_own_sessions(engine: Engine, number: int) -> None:
    first, second = log_in(engine, number), log_in(engine, number, NOW + 1)
    with writing(engine) as conn:
        start(conn, number, Origin("x" * 99, "evil\x1b[31m" + "y" * 999), NOW + 2)
        shown = sessions_of(conn, number, NOW + 3)
        assert [one.created_at for one in shown] == [NOW + 2, NOW + 1, NOW]
        assert shown[1].address == HERE.address
        assert (len(shown[0].browser), shown[0].browser[:8]) == (200, "evil[31m")
        assert end_marked(conn, number, shown[2].mark, NOW + 3)
    assert held(engine, first.token, NOW + 4) is None
    assert held(engine, second.token, NOW + 4)


def test_nobody_ends_somebody_elses_session_by_its_mark(engine: Engine, number: int) -> None:
    token = log_in(engine, number).token
    other = add_person(engine, "malam")
    mark = held(engine, token, NOW).mark
    with writing(engine) as conn:
        assert not end_marked(conn, other, mark, NOW)
        for odd in ("", "%" * 16, mark[:-1], "_" * 16):
            assert not end_marked(conn, number, odd, NOW)
    assert held(engine, token, NOW)


def test_long_ended_sessions_are_forgotten(engine: Engine, number: int) -> None:
    started = log_in(engine, number)
    with writing(engine) as conn:
        prune(conn, started.expires_at + KEPT_MS)
        assert len(conn.execute(select(login_session)).all()) == 1
        prune(conn, started.expires_at + KEPT_MS + 1)
        assert conn.execute(select(login_session)).all() == []
