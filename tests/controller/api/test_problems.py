"""Refusals say what is wrong and who must act, and nothing about the inside."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from controller.api import problems
from controller.api.app import create_api
from controller.fault_desk import NoSuchFault
from controller.words import BadQuestion


@pytest.fixture
def failing() -> TestClient:
    app = FastAPI()
    problems.install(app)
    errors = {
        "question": BadQuestion("state", "red", ["ok"]),
        "fault": NoSuchFault(7),
        "database": OperationalError("SELECT secret", {}, Exception("/home/office.db")),
        "mistake": RuntimeError("/etc/passwd"),
    }

    @app.get("/{name}")
    def fail(name: str) -> None:
        raise errors[name]

    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("path", "status", "who"),
    [
        ("question", 422, "asker"),
        ("fault", 404, "asker"),
        ("database", 503, "office"),
        ("mistake", 500, "office"),
        ("no/such/place", 404, "asker"),
    ],
)
def test_every_exception_is_answered_as_a_problem(
    failing: TestClient, path: str, status: int, who: str
) -> None:
    answer = failing.get(f"/{path}")
    told = problems.Problem.model_validate(answer.json())
    assert answer.headers["content-type"] == problems.MEDIA_TYPE
    assert (answer.status_code, told.status, told.who) == (status, status, who)
    assert told.type.startswith("urn:anjungan:problem:")
    assert "passwd" not in answer.text
    assert "secret" not in answer.text
    assert "/home" not in answer.text


def test_a_wrong_method_keeps_its_allow_header(api: TestClient) -> None:
    answer = api.delete("/api/v1/kiosks")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.json()["type"] == "urn:anjungan:problem:not-allowed"


def test_row_67_a_refusal_never_repeats_a_megabyte(api: TestClient) -> None:
    answer = api.get("/api/v1/kiosks", params={"state": "<script>" * 2000})
    assert answer.status_code == 422
    assert len(answer.content) < 2000


def test_an_office_whose_database_is_away_says_it_must_act_itself() -> None:
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    client = TestClient(create_api(engine, lambda: 0), raise_server_exceptions=False)
    client.headers["authorization"] = f"Bearer anj_{'t' * 43}"
    for path in ("/healthz", "/api/v1/kiosks", "/metrics"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["who"]) == (503, "office")


def test_an_office_without_tables_is_a_503_too() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        conn.execute(text("SELECT 1"))
    client = TestClient(create_api(engine, lambda: 0), raise_server_exceptions=False)
    client.headers["authorization"] = f"Bearer anj_{'t' * 43}"
    assert client.get("/api/v1/kiosks").status_code == 503
