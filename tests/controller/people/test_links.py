"""A one-time link sets one password, once, within a day; the set-up is there for nobody else."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, select

from controller.people import tokens
from controller.people.accounts import ADMIN, AccountRefused, New, create, disable, get
from controller.people.audit import By
from controller.people.links import (
    LIVES_MS,
    Chosen,
    LinkRefused,
    SetupDone,
    issue,
    issue_setup,
    look,
    redeem,
    redeem_setup,
)
from controller.store.engine import open_engine, writing
from controller.store.people_tables import account, password_link
from tests.support.people import NOW, add_person

BY = By("command")
HASH = "$argon2id$of-something"
FIRST = Chosen("kepala", "Kepala dinas", HASH)


@pytest.fixture
def engine(database: str) -> Engine:
    return open_engine(database)


@pytest.fixture
def conn(engine: Engine) -> Any:
    with writing(engine) as conn:
        yield conn


def test_the_set_up_link_makes_the_first_administrator(conn: Connection) -> None:
    link = issue_setup(conn, BY, NOW)
    assert link.path.endswith(link.token)
    opened = look(conn, link.token, NOW)
    assert opened is not None
    assert opened.login is None
    made = redeem_setup(conn, link.token, FIRST, "192.0.2.1", NOW)
    assert (made.login, made.grants, made.has_password) == ("kepala", (ADMIN,), True)


def test_there_is_no_second_set_up(conn: Connection) -> None:
    first = issue_setup(conn, BY, NOW)
    redeem_setup(conn, first.token, FIRST, "", NOW)
    with pytest.raises(SetupDone):
        issue_setup(conn, BY, NOW)
    with pytest.raises(LinkRefused):
        redeem_setup(conn, first.token, FIRST._replace(login="dua"), "", NOW)


def test_an_older_set_up_link_ends_with_the_newer(conn: Connection) -> None:
    old, new = issue_setup(conn, BY, NOW), issue_setup(conn, BY, NOW)
    assert look(conn, old.token, NOW) is None
    assert look(conn, new.token, NOW)


def test_a_set_up_link_is_worth_nothing_once_there_is_an_account(engine: Engine) -> None:
    with writing(engine) as conn:
        link = issue_setup(conn, BY, NOW)
    add_person(engine, "pagi")
    with writing(engine) as conn:
        assert look(conn, link.token, NOW) is None
        with pytest.raises(LinkRefused):
            redeem_setup(conn, link.token, FIRST, "", NOW)


def test_a_set_up_that_chose_an_odd_login_can_be_done_again(engine: Engine) -> None:
    with writing(engine) as conn:
        link = issue_setup(conn, BY, NOW)
    with pytest.raises(AccountRefused), writing(engine) as conn:
        redeem_setup(conn, link.token, FIRST._replace(login="!"), "", NOW)
    with writing(engine) as conn:
        assert redeem_setup(conn, link.token, FIRST, "", NOW).login == "kepala"


def test_a_link_sets_the_password_of_its_account_once(engine: Engine) -> None:
    add_person(engine, "pagi")
    with writing(engine) as conn:
        link = issue(conn, "Pagi", BY, NOW)
        assert getattr(look(conn, link.token, NOW), "login", "") == "pagi"
        assert redeem(conn, link.token, HASH, "", NOW).has_password
        assert look(conn, link.token, NOW) is None
        with pytest.raises(LinkRefused):
            redeem(conn, link.token, "another", "", NOW)
        assert conn.scalar(select(account.c.password_hash)) == HASH


def test_a_link_lives_for_a_day(engine: Engine) -> None:
    add_person(engine, "pagi")
    with writing(engine) as conn:
        link = issue(conn, "pagi", BY, NOW)
        assert look(conn, link.token, NOW + LIVES_MS - 1)
        assert look(conn, link.token, NOW + LIVES_MS) is None
        with pytest.raises(LinkRefused):
            redeem(conn, link.token, HASH, "", NOW + LIVES_MS)


def test_a_newer_link_ends_the_older_of_this_account_only(engine: Engine) -> None:
    for login in ("pagi", "malam"):
        add_person(engine, login)
    with writing(engine) as conn:
        old, other = issue(conn, "pagi", BY, NOW), issue(conn, "malam", BY, NOW)
        issue(conn, "pagi", BY, NOW)
        assert look(conn, old.token, NOW) is None
        assert look(conn, other.token, NOW)


def test_a_disabled_account_cannot_come_back_by_a_link(engine: Engine) -> None:
    add_person(engine, "pagi")
    with writing(engine) as conn:
        link = issue(conn, "pagi", BY, NOW)
        disable(conn, "pagi", BY, NOW)
        assert look(conn, link.token, NOW) is None
        with pytest.raises(LinkRefused):
            redeem(conn, link.token, HASH, "", NOW)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "\ud800", "\0", "x" * 100_000])
def test_what_is_no_link_opens_nothing(conn: Connection, token: str) -> None:
    issue_setup(conn, BY, NOW)
    assert look(conn, token, NOW) is None
    with pytest.raises(LinkRefused):
        redeem(conn, token, HASH, "", NOW)
    with pytest.raises(LinkRefused):
        redeem_setup(conn, token, FIRST, "", NOW)


def test_neither_kind_of_link_does_the_others_work(engine: Engine) -> None:
    with writing(engine) as conn:
        setup = issue_setup(conn, BY, NOW)
        with pytest.raises(LinkRefused):
            redeem(conn, setup.token, HASH, "", NOW)
    add_person(engine, "pagi")
    with writing(engine) as conn:
        link = issue(conn, "pagi", BY, NOW)
        with pytest.raises(LinkRefused):
            redeem_setup(conn, link.token, FIRST, "", NOW)


def test_only_the_hash_of_a_link_is_stored(conn: Connection) -> None:
    link = issue_setup(conn, BY, NOW)
    assert link.token not in str(conn.execute(select(password_link)).all())


def raced(engine: Engine, attempt: Any) -> int:
    def one(number: int) -> int:
        try:
            with writing(engine) as conn:
                attempt(conn, number)
        except LinkRefused:
            return 0
        return 1

    with ThreadPoolExecutor(10) as pool:
        return sum(pool.map(one, range(50)))


def test_fifty_racing_uses_of_a_link_give_one(engine: Engine) -> None:
    add_person(engine, "pagi")
    with writing(engine) as conn:
        link = issue(conn, "pagi", BY, NOW)
    assert raced(engine, lambda conn, n: redeem(conn, link.token, f"hash-{n}", "", NOW)) == 1


def test_fifty_racing_uses_of_the_set_up_link_give_one_administrator(engine: Engine) -> None:
    with writing(engine) as conn:
        link = issue_setup(conn, BY, NOW)
    used = raced(
        engine,
        lambda conn, n: redeem_setup(conn, link.token, FIRST._replace(login=f"admin-{n}"), "", NOW),
    )
    with engine.connect() as conn:
        assert (used, conn.scalar(select(func.count()).select_from(account))) == (1, 1)
        login = conn.scalars(select(account.c.login)).one()
        assert get(conn, login).grants == (ADMIN,)


def test_a_password_set_by_a_link_ends_the_accounts_tokens(conn: Connection) -> None:
    number = add_person_in(conn, "pagi")
    made = tokens.issue(conn, number, "a program", 30, NOW)
    link = issue(conn, "pagi", BY, NOW)
    assert tokens.find(conn, made.token, NOW) is not None, "a link that nobody opens ends nothing"
    redeem(conn, link.token, HASH, "192.0.2.1", NOW)
    assert tokens.find(conn, made.token, NOW) is None


def add_person_in(conn: Connection, login: str) -> int:
    return create(conn, New(login, login), BY, NOW).id
