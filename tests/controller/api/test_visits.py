"""The routes about the mobile counter and the queues, as a program sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from controller.api.app import create_api
from tests.support.inbox_desk import NOW, InboxDesk
from tests.support.people import give_token
from tests.support.showcase_visits import HOUR_MS

AT = "/api/v1/visits"
VISIT = {"uid": "a", "starts": NOW + HOUR_MS, "ends": NOW + 3 * HOUR_MS, "district": "32.73.02",
         "place": "Aula", "services": ["KK"]}  # fmt: skip
As = Callable[[str], TestClient]


@pytest.fixture
def as_(office_engine: Engine) -> As:
    """`as_(login)`: a program of one of the desk's people."""
    engine, desk = office_engine, InboxDesk(office_engine)
    app = create_api(engine, lambda: desk.now)

    def client(login: str) -> TestClient:
        token = give_token(engine, desk.accounts[login], desk.now)
        headers = {"authorization": f"Bearer {token}"}
        return TestClient(app, raise_server_exceptions=False, headers=headers)

    return client


def given(*visits: dict[str, Any], tenant: str = "32.73") -> dict[str, Any]:
    return {"tenant": tenant, "visits": list(visits) or [VISIT]}


def test_a_list_is_taken_corrected_and_called_off(as_: As) -> None:
    client = as_("loket")
    taken = client.post(AT, json=given(VISIT, VISIT | {"uid": "b", "place": "Aula\u202e\r\nX"}))
    assert taken.json() == {"added": 2, "changed": 0, "unchanged": 0}
    again = client.post(AT, json=given(VISIT | {"quota": 9}))
    assert again.json()["changed"] == 1
    rows = client.get(AT).json()
    assert [(one["source"], one["place"]) for one in rows] == [("api", "Aula"), ("api", "Aula X")]
    off = client.post(f"{AT}/{rows[0]['id']}/call-off")
    assert off.json()["cancelled"] is True
    assert client.post(f"{AT}/9999/call-off").status_code == 404


def test_what_is_not_theirs_is_refused_whole(as_: As) -> None:
    elsewhere = VISIT | {"uid": "z", "district": "32.04.05"}
    assert as_("loket").post(AT, json=given(VISIT, elsewhere)).status_code == 422
    assert as_("loket").post(AT, json=given(elsewhere, tenant="32.04")).status_code == 403
    assert as_("soreang").post(AT, json=given()).status_code == 403
    assert as_("loket").post(AT, json=given(tenant="99")).status_code == 404
    assert as_("loket").get(AT).json() == []


def test_a_visit_that_cannot_be_is_refused(as_: As) -> None:
    client = as_("loket")
    wrongs: list[dict[str, Any]] = [
        {"ends": NOW}, {"district": "32.73"}, {"district": "32.73.99"}, {"services": []},
        {"quota": -1}, {"uid": ""}, {"village": "32.73.01.1001"}, {"starts": 2**60}, {"x": 1},
    ]  # fmt: skip
    for wrong in wrongs:
        assert client.post(AT, json=given(VISIT | wrong)).status_code == 422, wrong


def test_a_ticket_is_called_once(as_: As) -> None:
    client = as_("loket")
    (kiosk,) = [one for one in client.get("/api/v1/counters").json() if "02" in one["site_code"]]
    call = f"/api/v1/counters/{kiosk['kiosk']}/call"
    said = {"letter": "A", "seen": 0, "number": 1}
    assert client.post(call, json=said).status_code == 204
    assert client.post(call, json=said).status_code == 409
    told = client.get("/api/v1/counters").json()
    (line,) = [line for one in told for line in one["lines"] if line["letter"] == "A"]
    assert (line["issued"], line["called"]) == (0, 1)
    assert as_("soreang").post(call, json=said).status_code == 403
