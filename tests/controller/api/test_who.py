"""A request is somebody's by a cookie or a token that holds, and comes from where it comes from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, text, update
from starlette.requests import Request
from starlette.responses import Response

from controller.api.who import (
    COOKIE,
    Caller,
    Who,
    WrongForm,
    check_csrf,
    give_cookie,
    login_at,
    take_cookie,
    way_back,
)
from controller.people import sessions, tokens
from controller.store.engine import open_engine, writing
from controller.store.people_tables import account, login_session
from tests.support.people import NOW, add_person, give_token, log_in

MINUTE = 60_000


def asked(
    headers: dict[str, str] | None = None, peer: str | None = "192.0.2.7", target: str = "/"
) -> Request:
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()],
        "client": (peer, 5) if peer is not None else None,
    }
    return Request(scope)


def cookie(token: str) -> dict[str, str]:
    return {"cookie": f"{COOKIE}={token}"}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def caller_of(who: Who, request: Request) -> Caller:
    found = who.find(request)
    assert found is not None
    return found


class Time:
    """A clock in milliseconds that a test turns."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def engine(database: str) -> Engine:
    return open_engine(database)


@pytest.fixture
def number(engine: Engine) -> int:
    return add_person(engine, "pagi", ("technician", "32.73"), ("officer", "32.04"))


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def who(engine: Engine, clock: Time) -> Who:
    return Who(engine, clock, proxies=["10.9.0.0/24", "::1"])


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement.split(maxsplit=1)[0])

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_a_cookie_leads_to_its_person(who: Who, engine: Engine, number: int) -> None:
    started = log_in(engine, number)
    caller = caller_of(who, asked(cookie(started.token)))
    assert (caller.person.login, caller.via, caller.csrf) == ("pagi", "session", started.csrf)
    assert caller.address == "192.0.2.7"


def test_a_token_leads_to_its_person(who: Who, engine: Engine, number: int) -> None:
    caller = caller_of(who, asked(bearer(give_token(engine, number))))
    assert (caller.person.login, caller.via, caller.csrf) == ("pagi", "token", "")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"cookie": ""},
        {"cookie": f"{COOKIE}="},
        cookie("x" * 43),
        {"cookie": "anjungan=" + "x" * 43},
        {"authorization": ""},
        {"authorization": "Basic YTpi"},
        bearer(""),
        bearer(tokens.PREFIX + "x" * 43),
        bearer("x" * 10_000),
    ],
)
def test_nobody_is_let_in_without_a_proof(who: Who, headers: dict[str, str]) -> None:
    assert who.find(asked(headers)) is None


def test_a_token_that_does_not_hold_is_not_helped_by_a_cookie(
    who: Who, engine: Engine, number: int
) -> None:
    both = cookie(log_in(engine, number).token) | bearer("anj_" + "x" * 43)
    assert who.find(asked(both)) is None


def test_a_cookie_of_another_name_counts_for_nothing(who: Who, engine: Engine, number: int) -> None:
    token = log_in(engine, number).token
    assert who.find(asked({"cookie": f"anjungan={token}"})) is None


def test_a_disabled_account_is_out_at_once(who: Who, engine: Engine, number: int) -> None:
    proofs = [cookie(log_in(engine, number).token), bearer(give_token(engine, number))]
    with writing(engine) as conn:
        conn.execute(update(account).values(disabled_at=NOW))
    assert [who.find(asked(one)) for one in proofs] == [None, None]


def test_asking_costs_one_query_and_no_write(who: Who, engine: Engine, number: int) -> None:
    token = log_in(engine, number).token
    program = give_token(engine, number)
    caller_of(who, asked(bearer(program)))  # its first use is noted
    with statements(engine) as said:
        caller_of(who, asked(cookie(token)))
        caller_of(who, asked(bearer(program)))
    assert [one for one in said if one != "BEGIN"] == ["SELECT", "SELECT"]


def test_that_somebody_was_heard_of_is_written_once_a_minute(
    who: Who, engine: Engine, number: int, clock: Time
) -> None:
    token = log_in(engine, number).token
    clock.now = NOW + MINUTE
    with statements(engine) as said:
        for _ in range(5):
            caller_of(who, asked(cookie(token)))
    assert said.count("UPDATE") == 1


def test_a_page_left_open_stays_logged_in_until_the_shift_ends(
    who: Who, engine: Engine, number: int, clock: Time
) -> None:
    token = log_in(engine, number).token
    for _ in range(23):
        clock.now += 30 * MINUTE
        caller_of(who, asked(cookie(token)))
    clock.now += 30 * MINUTE
    assert who.find(asked(cookie(token))) is None


def test_a_note_that_cannot_be_written_refuses_nobody(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    token = log_in(engine, add_person(engine, "pagi")).token
    with writing(engine) as conn:
        conn.execute(
            text(
                "CREATE TRIGGER full BEFORE UPDATE ON login_session"
                " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        )
    assert caller_of(Who(engine, lambda: NOW + MINUTE), asked(cookie(token))).person.login == "pagi"


def test_a_query_finds_the_session_by_an_index(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    plans: list[str] = []

    def explain(conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            cursor = conn.connection.cursor()
            plans.extend(
                row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            )

    event.listen(engine, "before_cursor_execute", explain)
    Who(engine, lambda: NOW).find(asked(cookie("x" * 43)))
    assert plans
    assert [plan for plan in plans if "SCAN" in plan] == []


@pytest.mark.parametrize(
    ("peer", "forwarded", "told"),
    [
        ("192.0.2.7", None, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # a stranger's own word
        ("10.9.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.9.0.1", "198.51.100.66, 198.51.100.1", "198.51.100.1"),  # the first is made up
        ("10.9.0.1", "198.51.100.1, 10.9.0.2", "198.51.100.1"),
        ("10.9.0.1", "<script>", "10.9.0.1"),
        ("10.9.0.1", "198.51.100.1, unknown", "10.9.0.1"),
        ("10.9.0.1", "", "10.9.0.1"),
        ("10.9.0.1", None, "10.9.0.1"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("testclient", "198.51.100.1", "testclient"),
        (None, "198.51.100.1", ""),
    ],
)
def test_row_68_an_address_is_believed_from_our_own_proxies_only(
    who: Who, peer: str | None, forwarded: str | None, told: str
) -> None:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    assert who.address(asked(headers, peer)) == told


def test_without_proxies_no_header_is_believed(engine: Engine) -> None:
    request = asked({"x-forwarded-for": "198.51.100.1"}, "127.0.0.1")
    assert Who(engine, lambda: NOW).address(request) == "127.0.0.1"


def test_row_68_a_change_needs_its_sessions_own_token(
    who: Who, engine: Engine, number: int
) -> None:
    first, second = log_in(engine, number), log_in(engine, number)
    caller = caller_of(who, asked(cookie(first.token)))
    check_csrf(caller, "POST", first.csrf)
    check_csrf(caller, "GET", None)
    for wrong in (None, "", "x", second.csrf, first.token, "é", "\ud800"):
        with pytest.raises(WrongForm):
            check_csrf(caller, "POST", wrong)


def test_a_program_needs_no_form_token(who: Who, engine: Engine, number: int) -> None:
    caller = caller_of(who, asked(bearer(give_token(engine, number))))
    check_csrf(caller, "POST", None)


def test_the_cookie_is_for_this_site_over_https_and_for_no_script() -> None:
    response = Response()
    give_cookie(response, sessions.Started("secret", "csrf", NOW))
    told = response.headers["set-cookie"]
    assert told.startswith(f"{COOKIE}=secret;")
    words = {word.strip().lower() for word in told.split(";")[1:]}
    assert words == {"httponly", "secure", "samesite=lax", "path=/"}
    take_cookie(response)
    taken = response.headers.getlist("set-cookie")[1]
    assert 'anjungan="";' in taken
    assert "secure" in taken.lower()


def test_a_page_leads_to_the_login_and_back() -> None:
    request = asked(target="/kiosks?state=fail&page=2")
    assert login_at(request) == "/login?next=%2Fkiosks%3Fstate%3Dfail%26page%3D2"
    assert way_back("/kiosks?state=fail&page=2") == "/kiosks?state=fail&page=2"


def test_a_region_that_asked_leads_back_to_the_page_it_stands_on() -> None:
    stands = {"hx-current-url": "https://office.example/kiosks?page=2"}
    request = asked(target="/parts/office", headers=stands)
    assert login_at(request) == "/login?next=%2Fkiosks%3Fpage%3D2"


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "https://evil.example",
        "//evil.example",
        "/\\evil",
        "\\/evil",
        "/\t/evil",
        "/" + "x" * 3000,
        "javascript:alert(1)",
        "/a\r\nset-cookie: x=y",
    ],
)
def test_nobody_is_led_to_a_strangers_page(wanted: str) -> None:
    assert way_back(wanted) == "/"


def test_the_note_is_written_into_the_table(
    who: Who, engine: Engine, number: int, clock: Time
) -> None:
    token = log_in(engine, number).token
    clock.now = NOW + 3 * MINUTE
    caller_of(who, asked(cookie(token)))
    with engine.connect() as conn:
        assert conn.scalar(login_session.select().with_only_columns(login_session.c.seen_at)) == (
            NOW + 3 * MINUTE
        )
