"""The API as a whole: its document is fresh and complete, and no question makes it fall."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine

from controller.api.app import create_api, document_text
from tests.support.fleet import NOW

DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"
PATHS = (
    "/api/v1/kiosks",
    "/api/v1/kiosks.csv",
    "/api/v1/kiosks/k-000001",
    "/api/v1/kiosks/k-000001/readings",
    "/api/v1/kiosks/k-000001/history",
    "/api/v1/kiosks/k-000001/series",
    "/api/v1/faults",
    "/api/v1/changes",
)
NAMES = (
    *("state", "presence", "regency", "site", "inform", "apply", "complain", "watch", "fault"),
    *("search", "sort", "page", "size", "condition", "severity", "code", "acknowledged", "kiosk"),
    *("before", "subject", "metric", "since", "until", "points", "after", "nonsense"),
)
values = st.one_of(
    st.sampled_from(["fail", "ok", "no", "yes", "-heard", "cpu_percent", "open", "all", "true"]),
    st.integers(-(2**70), 2**70).map(str),
    st.text(max_size=20),
    st.sampled_from(["\x00", "%", "'; DROP TABLE kiosk; --", "\ud800", "1.1", "9" * 15 + ".1"]),
).map(lambda text: text.encode("utf-8", "surrogatepass"))


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    path=st.sampled_from(PATHS),
    asked=st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=4),
)
def test_no_question_makes_the_office_fall(
    api: TestClient, path: str, asked: list[tuple[str, bytes]]
) -> None:
    query = "&".join(f"{name}={_percent(value)}" for name, value in asked)
    answer = api.get(f"{path}?{query}")
    assert answer.status_code in (200, 404, 422), answer.text
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["who"] == "asker"


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    path=st.text(max_size=40).map(lambda t: _percent(t.encode("utf-8", "surrogatepass"))),
    rest=st.sampled_from(["", "/readings", "/history", "/series", "/acknowledge"]),
    root=st.sampled_from(["kiosks", "faults", "sites"]),
)
def test_no_address_makes_the_office_fall(api: TestClient, root: str, path: str, rest: str) -> None:
    assert api.get(f"/api/v1/{root}/{path}{rest}").status_code in (200, 307, 404, 405, 422)


ASKING = [path for path in PATHS if not path.endswith(("k-000001", "readings"))]


@pytest.mark.parametrize("path", ASKING)
def test_a_parameter_nobody_knows_is_refused_not_ignored(api: TestClient, path: str) -> None:
    answer = api.get(f"{path}?colour=red")
    assert answer.status_code == 422
    assert "colour" in answer.text


def test_the_kept_document_is_fresh(plain: FastAPI) -> None:
    kept = DOCUMENT.read_text("utf-8")
    assert kept == document_text(plain), "run: python -m controller.api > docs/openapi.json"


def test_every_operation_is_described_and_every_field_has_a_meaning(plain: FastAPI) -> None:
    document: dict[str, Any] = json.loads(document_text(plain))
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], (path, method)
            assert operation["tags"], (path, method)
    assert document["openapi"].startswith("3.1")
    assert {"Kiosk", "Fault", "Problem"} <= set(document["components"]["schemas"])


def test_examples_of_the_document_are_valid(plain: FastAPI) -> None:
    document: dict[str, Any] = json.loads(document_text(plain))
    kiosk = document["components"]["schemas"]["Kiosk"]["properties"]
    assert all("examples" in field or "anyOf" in field for field in kiosk.values())


def test_the_api_answers_to_its_own_names_only(fleet_61: Engine) -> None:
    client = TestClient(create_api(fleet_61, lambda: NOW, hosts=["office.test"]))
    assert client.get("/healthz", headers={"host": "office.test:8080"}).status_code == 200
    assert client.get("/healthz", headers={"host": "evil.test"}).status_code == 421


@pytest.fixture
def plain() -> FastAPI:
    return create_api(create_engine("sqlite://"), lambda: NOW)


def _percent(text: bytes) -> str:
    return "".join(f"%{byte:02x}" for byte in text)
