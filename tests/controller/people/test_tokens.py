"""A program's token acts for its account, until it expires or is ended."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from controller.people.tokens import (
    PREFIX,
    SHAPE,
    end,
    end_all,
    find,
    issue,
    tokens_of,
    touch,
)
from controller.store.engine import open_engine, writing
from controller.store.people_tables import access_token
from tests.support.people import NOW, add_person

DAY = 24 * 60 * 60_000


@pytest.fixture
def engine(database: str) -> Engine:
    return open_engine(database)


@pytest.fixture
def number(engine: Engine) -> int:
    return add_person(engine, "grafana", ("operator", ""))


def made(engine: Engine, number: int, name: str = "grafana", days: int = 30) -> Any:
    with writing(engine) as conn:
        return issue(conn, number, name, days, NOW)


def held(engine: Engine, token: str, now: int = NOW) -> Any:
    with engine.connect() as conn:
        return find(conn, token, now)


def test_a_token_leads_to_its_person(engine: Engine, number: int) -> None:
    one = made(engine, number)
    found = held(engine, one.token)
    assert (found.person.login, found.id, found.used_at) == ("grafana", one.id, None)
    assert found.person.may("metrics.read")


def test_a_published_token_can_be_found_by_its_shape(engine: Engine, number: int) -> None:
    token = made(engine, number).token
    assert token.startswith(PREFIX)
    found = SHAPE.search(f"curl -H 'Authorization: Bearer {token}' https://...")
    assert found is not None
    assert found.group() == token


def test_only_its_hash_is_stored(engine: Engine, number: int) -> None:
    token = made(engine, number).token
    with engine.connect() as conn:
        row = conn.execute(select(access_token)).one()
    assert token not in str(row)
    assert held(engine, row.token_sha256) is None


def test_a_token_expires(engine: Engine, number: int) -> None:
    one = made(engine, number, days=1)
    assert held(engine, one.token, NOW + DAY - 1)
    assert held(engine, one.token, NOW + DAY) is None


def test_a_token_can_be_ended_by_its_own_account_only(engine: Engine, number: int) -> None:
    one = made(engine, number)
    with writing(engine) as conn:
        assert not end(conn, number + 1, one.id, NOW)
        assert end(conn, number, one.id, NOW)
        assert not end(conn, number, one.id, NOW)
    assert held(engine, one.token) is None


def test_all_tokens_of_an_account_end_at_once(engine: Engine, number: int) -> None:
    two = [made(engine, number), made(engine, number)]
    with writing(engine) as conn:
        assert end_all(conn, number, NOW) == 2
    assert [held(engine, one.token) for one in two] == [None, None]


def test_tokens_are_listed_with_what_became_of_them(engine: Engine, number: int) -> None:
    old, new = made(engine, number, "old"), made(engine, number, "new")
    with writing(engine) as conn:
        end(conn, number, old.id, NOW + 1)
        touch(conn, new.id, NOW + 2)
        listed = tokens_of(conn, number)
    assert [(one.name, one.used_at, one.ended_at) for one in listed] == [
        ("new", NOW + 2, None),
        ("old", None, NOW + 1),
    ]


@pytest.mark.parametrize(
    ("name", "days"),
    [("", 30), ("  ", 30), ("x" * 81, 30), ("a\nb", 30), ("x", 0), ("x", 366)],
)
def test_a_token_without_a_name_or_an_end_is_not_issued(
    engine: Engine, number: int, name: str, days: int
) -> None:
    with pytest.raises(ValueError, match="token"):
        made(engine, number, name, days)
