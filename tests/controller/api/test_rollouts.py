"""The routes about rollouts, as a program sees them; what they mean is told elsewhere."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from controller.api.app import create_api
from controller.store.engine import open_engine
from tests.support.people import give_token
from tests.support.rollouts import RolloutDesk

BODY: dict[str, Any] = {
    "bundle": "layanan",
    "seq": 2,
    "asked": {"query": "all=yes"},
    "plan": {"phases": [{"bound": "3"}, {"bound": "100%"}], "windows": [{"since": 1, "until": 2}]},
    "why": "new prices",
    "token": "0123456789abcdef" * 2,
}
As = Callable[..., TestClient]


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[RolloutDesk]:
    engine = open_engine(sqlite_url)
    yield RolloutDesk(engine, kiosks=20)
    engine.dispose()


@pytest.fixture
def as_(desk: RolloutDesk) -> As:
    """`as_(login)`: a program of one of the desk's people."""
    app = create_api(desk.engine, lambda: desk.now)

    def client(login: str, *grants: tuple[str, str]) -> TestClient:
        if login not in desk.people:
            desk.people[login] = desk.person(login, *grants)
        token = give_token(desk.engine, desk.people[login].person.account, desk.now)
        headers = {"authorization": f"Bearer {token}"}
        return TestClient(app, raise_server_exceptions=False, headers=headers)

    return client


def test_a_rollout_is_weighed_asked_for_once_steered_and_taken_back(
    desk: RolloutDesk, as_: As
) -> None:
    siti = as_("siti")
    told = siti.post("/api/v1/rollouts/dry-run", json={**BODY, "kbit": 1000.0}).json()
    assert (told["kiosks"], told["phases"], told["problems"]) == (20, [3, 16, 1], [])
    made = siti.post("/api/v1/rollouts", json=BODY)
    assert made.status_code == 201
    assert siti.post("/api/v1/rollouts", json=BODY).json() == made.json()
    at = f"/api/v1/rollouts/{made.json()['id']}"
    desk.tick()
    found = siti.get(at).json()
    assert (found["row"]["state"], found["phases"][0]["counts"]) == ("running", {"wanted": 3})
    assert found["plan"]["windows"] == [[1, 2]]
    for step, state in (("pause", "paused"), ("resume", "running")):
        assert siti.post(f"{at}/{step}", json={}).status_code == 204
        assert siti.get(at).json()["row"]["state"] == state
    kiosk = siti.get(f"{at}/kiosks", params={"phase": 1}).json()["rows"][0]
    (of_kiosk,) = siti.get(f"/api/v1/kiosks/{kiosk['kiosk']}/releases").json()
    assert (of_kiosk["desired"], of_kiosk["reported"], of_kiosk["note"]) == (2, 1, "Rilis 2")
    assert siti.post(f"{at}/back", json={"why": "a wrong price"}).status_code == 204
    assert siti.get("/api/v1/rollouts", params={"state": "rolling_back"}).json()["total"] == 1
    assert siti.post(f"{at}/abort", json={}).status_code == 409
    assert siti.post(f"{at}/retry", json={}).status_code == 409


def test_a_second_person_agrees_or_refuses(as_: As) -> None:
    siti, budi = as_("siti"), as_("budi")
    for step, state in (("approvals", "ready"), ("refuse", "refused")):
        body = {**BODY, "approvals": 1, "token": "", "asked": {"kiosks": ["k-000001"]}}
        body["asked"] = {"kiosks": ["k-000002"]} if step == "refuse" else body["asked"]
        at = f"/api/v1/rollouts/{siti.post('/api/v1/rollouts', json=body).json()['id']}"
        given = {"why": "not now"} if step == "refuse" else {}
        assert siti.post(f"{at}/approvals", json={}).status_code == 422
        assert budi.post(f"{at}/{step}", json=given).status_code in (200, 204)
        assert budi.get(at).json()["row"]["state"] == state


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"seq": 9}, 404),
        ({"seq": 0}, 422),
        ({"why": ""}, 422),
        ({"asked": {"kiosks": ["nobody"]}}, 404),
        ({"asked": {}}, 422),
        ({"plan": {"phases": [{"bound": "3"}]}}, 422),
        ({"plan": {"phases": [{"bound": "x"}, {"bound": "100%"}]}}, 422),
        ({"colour": "red"}, 422),
        ({"at_most": 3}, 422),
    ],
)
def test_what_cannot_be_is_refused_with_who_must_act(
    as_: As, change: dict[str, Any], status: int
) -> None:
    answer = as_("siti").post("/api/v1/rollouts", json=BODY | change)
    assert (answer.status_code, answer.json()["who"]) == (status, "asker")


def test_who_may_not_is_told_so_and_who_is_elsewhere_too(as_: As) -> None:
    rina = as_("rina", ("technician", ""))
    assert rina.post("/api/v1/rollouts", json=BODY).status_code == 403
    dodi = as_("dodi", ("operator", "99"))
    assert dodi.post("/api/v1/rollouts", json=BODY).status_code == 422
    made = as_("siti").post("/api/v1/rollouts", json=BODY).json()["id"]
    assert dodi.get(f"/api/v1/rollouts/{made}").status_code == 403
    assert dodi.post(f"/api/v1/rollouts/{made}/pause", json={}).status_code == 403
    assert dodi.get("/api/v1/rollouts").json()["total"] == 0
    assert rina.get(f"/api/v1/rollouts/{made}").status_code == 200
    assert rina.get("/api/v1/rollouts/999").status_code == 404
