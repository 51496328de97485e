"""Accounts are made, granted and disabled, each time on somebody's word, and the log has it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from controller.people import sessions, tokens
from controller.people.accounts import (
    ADMIN,
    AccountRefused,
    Identity,
    New,
    add_grant,
    create,
    disable,
    enable,
    everybody,
    find,
    get,
    is_empty,
    link_identity,
    of_identity,
    remove_grant,
    rename,
    set_grants,
    set_password,
)
from controller.people.audit import By
from controller.people.powers import Grant
from controller.store.engine import open_engine, writing
from controller.store.people_tables import account, audit
from tests.support.people import NOW, add_person, give_token, log_in

BY = By("kepala", "192.0.2.1")
PAGI = Grant("technician", "32.73.01")


@pytest.fixture
def engine(database: str) -> Engine:
    return open_engine(database)


@pytest.fixture
def conn(engine: Engine) -> Any:
    with writing(engine) as conn:
        yield conn


def log(conn: Connection) -> list[tuple[str, str, str]]:
    query = select(audit.c.who, audit.c.what, audit.c.subject).order_by(audit.c.n)
    return [(row[0], row[1], row[2]) for row in conn.execute(query)]


def refusal(call: Any, *args: Any) -> str:
    with pytest.raises(AccountRefused) as refused:
        call(*args)
    return refused.value.reason


def test_an_account_is_made_without_a_password(conn: Connection) -> None:
    assert is_empty(conn)
    made = create(conn, New(" Teknisi-Pagi ", "Teknisi pagi", (PAGI,)), BY, NOW)
    assert (made.login, made.name, made.grants) == ("teknisi-pagi", "Teknisi pagi", (PAGI,))
    assert (made.has_password, made.created_by, made.created_at) == (False, "kepala", NOW)
    assert not is_empty(conn)
    assert log(conn) == [("kepala", "people.create", "teknisi-pagi")]


def test_a_login_is_found_however_it_is_written(conn: Connection) -> None:
    create(conn, New("pagi"), BY, NOW)
    for said in ("pagi", "PAGI", " Pagi\t"):
        assert get(conn, said).login == "pagi"
    for other in ("pag", "pagi\0", "\ud800", "pagı", "", "p" * 9999, "%", "PAG\u0130"):
        assert find(conn, other) is None


@pytest.mark.parametrize(
    "login",
    ["", "ab", "a" * 65, "a b", "-ab", "ab-", "_warden", "a\0b", "ä-bc", "Kelvin\u212a", "a'b",
     "warden", "Setup", "somebody", "a/b", "<b>x"],
)  # fmt: skip
def test_an_odd_login_is_refused(conn: Connection, login: str) -> None:
    assert refusal(create, conn, New(login), BY, NOW) == "login"
    assert is_empty(conn)


def test_a_login_is_given_once(conn: Connection) -> None:
    create(conn, New("pagi"), BY, NOW)
    assert refusal(create, conn, New("Pagi"), BY, NOW) == "taken"
    disable(conn, "pagi", BY, NOW)
    assert refusal(create, conn, New("pagi"), BY, NOW) == "taken"


@pytest.mark.parametrize("name", ["x" * 81, "a\nb", "\x1b[31m"])
def test_an_odd_name_is_refused(conn: Connection, name: str) -> None:
    assert refusal(create, conn, New("pagi", name), BY, NOW) == "name"
    create(conn, New("pagi"), BY, NOW)
    assert refusal(rename, conn, "pagi", name, BY, NOW) == "name"


@pytest.mark.parametrize(
    ("grant", "reason"),
    [
        (Grant("root", ""), "role"),
        (Grant("", ""), "role"),
        (Grant("admin", "*"), "district"),
        (Grant("admin", "32."), "district"),
        (Grant("admin", "32.73.01.1001.1"), "district"),
        (Grant("admin", "%"), "district"),
        (Grant("admin", "3²"), "district"),
    ],
)
def test_what_is_no_role_or_district_is_not_granted(
    conn: Connection, grant: Grant, reason: str
) -> None:
    assert refusal(create, conn, New("pagi", grants=(grant,)), BY, NOW) == reason
    create(conn, New("pagi"), BY, NOW)
    assert refusal(add_grant, conn, "pagi", grant, BY, NOW) == reason


def test_grants_are_replaced_added_and_removed(conn: Connection) -> None:
    create(conn, New("pagi", grants=(PAGI,)), BY, NOW)
    officer = Grant("officer", "32.04")
    assert add_grant(conn, "pagi", officer, BY, NOW) == (officer, PAGI)
    assert remove_grant(conn, "pagi", PAGI, BY, NOW) == (officer,)
    assert remove_grant(conn, "pagi", PAGI, BY, NOW) == (officer,)
    assert set_grants(conn, "pagi", [PAGI, PAGI], BY, NOW) == (PAGI,)
    assert set_grants(conn, "pagi", [], BY, NOW) == ()
    assert get(conn, "pagi").grants == ()
    assert [what for _, what, _ in log(conn)] == ["people.create"] + ["people.grant"] * 4


def test_the_log_tells_what_was_granted_before(conn: Connection) -> None:
    create(conn, New("pagi", grants=(PAGI,)), BY, NOW)
    set_grants(conn, "pagi", [Grant("officer", "")], BY, NOW)
    detail = conn.scalars(select(audit.c.detail).order_by(audit.c.n.desc())).first()
    assert detail == {"grants": ["officer everywhere"], "before": ["technician 32.73.01"]}


def test_nothing_is_done_to_an_account_that_is_not(conn: Connection) -> None:
    for call in (disable, enable):
        assert refusal(call, conn, "pagi", BY, NOW) == "unknown"
    assert refusal(rename, conn, "pagi", "Pagi", BY, NOW) == "unknown"
    assert refusal(set_grants, conn, "pagi", [], BY, NOW) == "unknown"
    assert log(conn) == []


def admin(engine: Engine, login: str) -> int:
    return add_person(engine, login, ADMIN, password_hash="$argon2id$x")


def test_the_last_administrator_cannot_be_taken_away(engine: Engine) -> None:
    admin(engine, "satu")
    add_person(engine, "belum", ADMIN)  # cannot log in yet
    add_person(engine, "lama", ADMIN, password_hash="$argon2id$x", disabled_at=NOW)
    add_person(engine, "daerah", ("admin", "32.73"), password_hash="$argon2id$x")
    with writing(engine) as conn:
        assert refusal(disable, conn, "satu", BY, NOW) == "last-admin"
        assert refusal(remove_grant, conn, "satu", ADMIN, BY, NOW) == "last-admin"
        assert refusal(set_grants, conn, "satu", [PAGI], BY, NOW) == "last-admin"
        add_grant(conn, "satu", PAGI, BY, NOW)
        disable(conn, "belum", BY, NOW)
    dua = admin(engine, "dua")
    with writing(engine) as conn:
        disable(conn, "satu", BY, NOW)
        assert [one.id for one in everybody(conn) if one.login == "dua"] == [dua]
        assert refusal(disable, conn, "dua", BY, NOW) == "last-admin"


def test_two_administrators_who_disable_each_other_at_once_leave_one(engine: Engine) -> None:
    for login in ("satu", "dua"):
        admin(engine, login)

    def attempt(login: str) -> str:
        try:
            with writing(engine) as conn:
                disable(conn, login, BY, NOW)
        except AccountRefused as refused:
            return refused.reason
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ["satu", "dua"])) == ["done", "last-admin"]


def test_a_disabled_account_is_out_and_stays_out_when_it_returns(engine: Engine) -> None:
    number = add_person(engine, "pagi", PAGI)
    session, token = log_in(engine, number).token, give_token(engine, number)
    with writing(engine) as conn:
        disable(conn, "pagi", BY, NOW)
        disable(conn, "pagi", BY, NOW)
        assert get(conn, "pagi").disabled_at == NOW
        enable(conn, "pagi", BY, NOW)
        enable(conn, "pagi", BY, NOW)
        assert get(conn, "pagi").disabled_at is None
        assert sessions.find(conn, session, NOW) is None
        assert tokens.find(conn, token, NOW) is None
        assert [what for _, what, _ in log(conn)] == ["people.disable", "people.enable"]


def test_a_new_password_ends_every_session(engine: Engine) -> None:
    number = add_person(engine, "pagi")
    session = log_in(engine, number).token
    with writing(engine) as conn:
        set_password(conn, number, "$argon2id$new", NOW)
        assert sessions.find(conn, session, NOW) is None
        assert get(conn, "pagi").has_password


def test_a_name_can_change_and_a_login_cannot(conn: Connection) -> None:
    create(conn, New("pagi", "Pagi"), BY, NOW)
    rename(conn, "pagi", " Teknisi pagi ", BY, NOW)
    assert (get(conn, "pagi").name, get(conn, "pagi").login) == ("Teknisi pagi", "pagi")


def test_an_identity_belongs_to_one_account(conn: Connection) -> None:
    create(conn, New("pagi"), BY, NOW)
    create(conn, New("malam"), BY, NOW)
    known = Identity("https://id.example", "user-1")
    link_identity(conn, "pagi", known, BY, NOW)
    link_identity(conn, "pagi", known, BY, NOW)
    assert refusal(link_identity, conn, "malam", known, BY, NOW) == "subject"
    assert of_identity(conn, known) == "pagi"
    assert of_identity(conn, Identity("https://evil.example", "user-1")) is None
    for odd in (Identity("", "x"), Identity("x", "y" * 201), Identity("x", "a\0")):
        assert refusal(link_identity, conn, "malam", odd, BY, NOW) == "subject"


def test_everybody_is_listed_with_their_grants(engine: Engine) -> None:
    add_person(engine, "malam", ("officer", ""))
    add_person(engine, "baru")
    with engine.connect() as conn:
        listed = [(one.login, one.grants) for one in everybody(conn)]
        assert listed == [("baru", ()), ("malam", (Grant("officer", ""),))]
        assert conn.scalar(select(account.c.password_hash).limit(1)) is None
