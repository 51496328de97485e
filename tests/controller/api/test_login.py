"""A program logs in with JSON, learns who it is, and goes out again; strangers learn nothing."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from controller.api import problems
from controller.api.gate import Gate
from controller.api.login import LoginRoutes
from controller.api.refusals import AuditedRefusals
from controller.api.who import COOKIE, Who
from controller.people.passwords import Passwords
from controller.people.reception import Reception
from controller.store.engine import open_engine
from tests.support.people import NOW, add_person, give_token

GOOD = "kopi tubruk jam tujuh"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def engine(sqlite_url: str) -> Engine:
    engine = open_engine(sqlite_url)
    held = {"password_hash": CHEAP.hash(GOOD)}
    add_person(engine, "pagi", ("technician", "32.73"), ("officer", "32.04"), **held)
    return engine


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    who = Who(engine, lambda: NOW)
    gate = Gate(who, AuditedRefusals(engine, lambda: NOW))
    reception = Reception(engine, lambda: NOW, Passwords(CHEAP))
    app = FastAPI()
    app.include_router(LoginRoutes(gate, who, reception).router)
    problems.install(app)
    with TestClient(app, base_url="https://office.example") as client:
        yield client


def logged_in(client: TestClient) -> str:
    told = client.post("/api/v1/login", json={"login": "pagi", "password": GOOD})
    assert told.status_code == 200
    csrf: str = told.json()["csrf"]
    return csrf


def test_a_login_gives_a_cookie_and_the_sessions_word(client: TestClient) -> None:
    csrf = logged_in(client)
    told = client.get("/api/v1/me").json()
    assert (told["login"], told["name"], told["via"]) == ("pagi", "Pagi", "session")
    assert told["csrf"] == csrf
    assert told["powers"]["fault.take"] == ["32.73"]
    assert told["powers"]["fault.see"] == ["32.04", "32.73"]
    assert "people.manage" not in told["powers"]


def test_the_answer_is_kept_by_nobody_on_the_way(client: TestClient) -> None:
    for password in (GOOD, "wrong"):
        told = client.post("/api/v1/login", json={"login": "pagi", "password": password})
        assert told.headers["cache-control"] == "no-store"


def test_row_68_every_refusal_of_a_login_reads_alike(client: TestClient) -> None:
    told = [
        client.post("/api/v1/login", json={"login": login, "password": "wrong"})
        for login in ("pagi", "nobody", "", "a\u0000b")
    ]
    assert {(one.status_code, one.text) for one in told} == {(401, told[0].text)}
    assert not [one for one in told if "set-cookie" in one.headers]


def test_row_68_who_tries_too_often_is_told_when_to_come_back(client: TestClient) -> None:
    asked = {"login": "pagi", "password": "wrong"}
    told = [client.post("/api/v1/login", json=asked) for _ in range(6)]
    assert [one.status_code for one in told] == [401] * 5 + [429]
    assert told[-1].headers["retry-after"] == "1"
    assert told[-1].json()["type"] == "urn:anjungan:problem:too-often"


def test_row_68_a_session_that_was_there_before_the_login_ends(client: TestClient) -> None:
    logged_in(client)
    planted = client.cookies[COOKIE]
    logged_in(client)
    assert client.cookies[COOKIE] != planted
    old = {"cookie": f"{COOKIE}={planted}"}
    client.cookies.clear()
    assert client.get("/api/v1/me", headers=old).status_code == 401


def test_row_68_a_logout_needs_the_sessions_word_and_ends_it(client: TestClient) -> None:
    csrf = logged_in(client)
    stolen = {"cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
    assert client.post("/api/v1/logout").status_code == 403
    assert client.post("/api/v1/logout", headers={"x-csrf": csrf}).status_code == 204
    assert COOKIE not in client.cookies
    assert client.get("/api/v1/me", headers=stolen).status_code == 401


def test_row_68_a_foreign_pages_form_is_no_login(client: TestClient) -> None:
    form = {"login": "pagi", "password": GOOD}
    body = '{"login": "pagi", "password": "' + GOOD + '"}'
    assert client.post("/api/v1/login", data=form).status_code == 422
    plain = {"content-type": "text/plain"}
    assert client.post("/api/v1/login", content=body, headers=plain).status_code == 422


def test_a_program_with_a_token_needs_no_login(client: TestClient, engine: Engine) -> None:
    program = add_person(engine, "grafana", ("operator", ""))
    shown = {"authorization": f"Bearer {give_token(engine, program)}"}
    told = client.get("/api/v1/me", headers=shown).json()
    assert (told["login"], told["via"], told["csrf"]) == ("grafana", "token", "")
    assert told["powers"]["metrics.read"] == [""]
    assert client.post("/api/v1/logout", headers=shown).status_code == 204
    assert client.get("/api/v1/me", headers=shown).status_code == 200


def test_nobody_is_nobody(client: TestClient) -> None:
    told = client.get("/api/v1/me")
    assert told.status_code == 401
    assert told.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{}", b'{"login": 1, "password": 2}', b"\xff", b'{"login":"\\ud800"}',
     b'{"login":"pagi","password":"' + b"x" * 2000 + b'"}'],
)  # fmt: skip
def test_what_is_no_login_form_is_refused(client: TestClient, body: bytes) -> None:
    told = client.post("/api/v1/login", content=body, headers={"content-type": "application/json"})
    assert told.status_code in (400, 422)
    assert "x" * 100 not in told.text
