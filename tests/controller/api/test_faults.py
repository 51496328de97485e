"""Faults over HTTP: who takes one on, and what people write."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.support.console import show_token
from tests.support.fleet import NOW


@pytest.fixture
def one(desk: TestClient) -> int:
    return _unacknowledged(desk)


def test_the_first_person_has_it_and_the_second_learns_who(
    desk: TestClient, one: int, office_engine: Engine
) -> None:
    path = f"/api/v1/faults/{one}/acknowledge"
    first = desk.post(path, json={}).json()
    show_token(desk, office_engine, NOW, login="gudang")
    second = desk.post(path).json()
    assert (first["first"], first["by"]) == (True, "Program")
    assert (second["first"], second["by"], second["at"]) == (False, "Program", first["at"])
    assert desk.get(f"/api/v1/faults/{one}").json()["fault"]["acked_by"] == "Program"


def test_a_note_is_kept_with_the_fault(desk: TestClient, one: int) -> None:
    note = {"text": "Kertas dipesan"}
    assert desk.post(f"/api/v1/faults/{one}/notes", json=note).status_code == 201
    notes = desk.get(f"/api/v1/faults/{one}").json()["notes"]
    assert [(kept["who"], kept["text"]) for kept in notes] == [("Program", "Kertas dipesan")]


@pytest.mark.parametrize(
    "body",
    [
        {"who": "Loket"},
        {"who": "a\x1b[31m"},
        {"by": "Loket"},
        [],
        "Loket",
    ],
)
def test_a_name_in_the_body_is_refused_not_ignored(api: TestClient, body: Any) -> None:
    answer = api.post(f"/api/v1/faults/{_unacknowledged(api)}/acknowledge", json=body)
    assert (answer.status_code, answer.json()["who"]) == (422, "asker")
    assert api.get(f"/api/v1/faults/{_unacknowledged(api)}").json()["fault"]["acked_by"] is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b'{"text": "\\ud800"}', b"[" * 50_000, b"NaN"]
)
def test_bytes_that_are_no_note_are_refused(api: TestClient, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = api.post(
        f"/api/v1/faults/{_unacknowledged(api)}/notes", content=content, headers=headers
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["who"] == "asker"


def test_a_form_of_another_site_cannot_post(api: TestClient) -> None:
    answer = api.post(
        f"/api/v1/faults/{_unacknowledged(api)}/acknowledge",
        content=b"{}",
        headers={"content-type": "text/plain"},
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("number", ["0", "-1", "x", str(2**63), "9" * 400, "1.5"])
def test_a_number_that_cannot_be_a_faults_is_refused(api: TestClient, number: str) -> None:
    assert api.get(f"/api/v1/faults/{number}").status_code == 422


def test_a_fault_nobody_knows_is_not_found(desk: TestClient) -> None:
    last = 2**63 - 1
    assert desk.get(f"/api/v1/faults/{last}").status_code == 404
    answer = desk.post(f"/api/v1/faults/{last}/acknowledge")
    assert (answer.status_code, answer.json()["who"]) == (404, "asker")


def test_the_list_filters_by_severity_and_taken_on(desk: TestClient) -> None:
    rows = desk.get("/api/v1/faults?severity=fail&severity=critical&acknowledged=true").json()
    assert all(row["acked_by"] and row["severity"] in ("fail", "critical") for row in rows["rows"])


def _unacknowledged(client: TestClient) -> int:
    rows = client.get("/api/v1/faults?acknowledged=false").json()["rows"]
    return int(rows[0]["id"])
