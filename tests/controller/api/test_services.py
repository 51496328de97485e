"""The routes about services, as a program sees them: from a document to a release."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from controller.api.app import create_api
from controller.services.adopt import adopt_tenants
from tests.controller.services.conftest import FILES, PACK
from tests.support.people import add_person, give_token
from tests.support.press import Press, press

__all__ = ["press"]
AT = "/api/v1/services"
As = Callable[..., TestClient]


@pytest.fixture
def as_(press: Press) -> As:
    """`as_(login, role, district)`: a program of this person's."""
    with press.writing() as conn:
        adopt_tenants(conn, FILES, press.now)
    app = create_api(press.engine, lambda: press.now, releases=press.releases)

    def client(login: str, role: str = "supervisor", district: str = "32.73") -> TestClient:
        number = add_person(press.engine, login, (role, district))
        headers = {"authorization": f"Bearer {give_token(press.engine, number, press.now)}"}
        return TestClient(app, raise_server_exceptions=False, headers=headers)

    return client


def begun(client: TestClient, **change: Any) -> dict[str, Any]:
    answer = client.post(AT, json={"document": PACK | change})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_service_is_written_reviewed_and_published(press: Press, as_: As) -> None:
    siti, kepala = as_("siti", "officer"), as_("kepala")
    press.publish({"content.json": b"{}"}, "layanan")
    one = begun(siti)
    at = f"{AT}/{one['id']}"
    saved = siti.post(f"{at}/save", json={"version": 1, "document": PACK | {"decree": "SK 1"}})
    assert saved.json()["version"] == 2
    late = siti.post(f"{at}/save", json={"version": 1, "document": PACK})
    assert (late.status_code, late.json()["errors"][0]["field"]) == (409, "version")
    assert siti.post(f"{at}/submit").json()["state"] == "review"
    assert kepala.post(f"{at}/return", json={"why": "Biaya?"}).json()["why"] == "Biaya?"
    siti.post(f"{at}/submit")
    assert siti.post(f"{at}/approve").status_code == 403
    assert kepala.post(f"{at}/approve").json()["state"] == "approved"
    sent = kepala.post(f"{AT}/publish", json={"packs": [one["id"]], "note": "Baru"})
    assert (sent.status_code, sent.json()["missing"]) == (200, 2)
    (line,) = siti.get(AT).json()
    assert line["shown"]["state"] == "published"
    assert kepala.post(f"{at}/retire").json()["state"] == "retired"


def test_a_document_is_checked_and_not_kept(as_: As) -> None:
    client = as_("siti", "officer")
    good = client.post(f"{AT}/check", json={"document": PACK}).json()
    assert good == {"sound": True, "complaints": []}
    bad = client.post(f"{AT}/check", json={"document": PACK | {"code": "x"}}).json()
    assert bad["complaints"][0]["where"] == "code"
    assert client.get(AT).json() == []


def test_another_governments_services_are_outside(as_: As) -> None:
    one = begun(as_("siti", "officer"))
    other = as_("kab", "supervisor", "32.04")
    at = f"{AT}/{one['id']}"
    assert other.get(at).status_code == 403
    assert other.post(f"{at}/drop").status_code == 403
    assert other.post(AT, json={"document": PACK}).status_code == 403
    assert other.post(f"{AT}/publish", json={"packs": [one["id"]], "note": "x"}).status_code == 403
    assert other.get(f"{AT}/999").status_code == 404
