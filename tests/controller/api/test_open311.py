"""GeoReport v2 as another program speaks it, with a real registrar behind the door."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient

from controller.api.app import create_api
from tests.support.people import give_token
from tests.support.registrar import NOW, Registry

AT = "/api/open311/v2"
FORM = {
    "service_code": "32.73-jalan_rusak",
    "description": "Jalan berlubang di depan pasar",
    "attribute[place]": "32.73.02",
    "attribute[class]": "complaint",
    "first_name": "Warga",
    "last_name": "Contoh",
    "phone": "081200004321",
    "media_url": "https://foto.example/1.jpg",
}


class Line(NamedTuple):
    registry: Registry
    client: TestClient
    token: str

    def get(self, path: str, **query: str) -> list[dict[str, str]]:
        answer = self.client.get(f"{AT}/{path}", params=query, headers=self.shown)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, str]] = answer.json()
        return found

    @property
    def shown(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


@pytest.fixture
def line(registry: Registry) -> Iterator[Line]:
    program = registry.person("kanal-kota", ("channel", "32.73"))
    token = give_token(registry.engine, program, NOW)
    with registry.listening() as registrar:
        app = create_api(registry.engine, lambda: NOW, registrar=registrar)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Line(registry, client, token)


def test_a_complaint_is_handed_in_by_api_key_and_found_again(line: Line) -> None:
    (service, *_) = line.get("services.json")
    assert service["service_code"].startswith("32.73-")
    asked = line.client.get(f"{AT}/services/32.73-jalan_rusak.json", headers=line.shown).json()
    assert [one["code"] for one in asked["attributes"]] == ["place", "class"]
    answer = line.client.post(f"{AT}/requests.json", data={**FORM, "api_key": line.token})
    assert answer.status_code == 200, answer.text
    (said,) = answer.json()
    number = said["service_request_id"]
    (found,) = line.get(f"requests/{number}.json")
    assert (found["status"], found["address_id"]) == ("open", "32.73.02")
    assert "berlubang" not in str(line.get("requests.json"))
    assert "Contoh" not in str(found)
    (token,) = line.get(f"tokens/{number.lower()}.json")
    assert token == {"token": number, "service_request_id": number}
    assert line.get("requests.json", status="closed") == []
    assert len(line.get("requests.json", service_code="32.73-jalan_rusak", status="open")) == 1


def test_without_the_role_or_a_key_nothing_is_told(line: Line) -> None:
    client, registry = line.client, line.registry
    assert client.get(f"{AT}/services.json").status_code == 401
    assert client.post(f"{AT}/requests.json", data=FORM).status_code == 401
    assert client.get(f"{AT}/services.json", params={"api_key": line.token}).status_code == 401
    head = give_token(registry.engine, registry.person("kepala", ("admin", "")), NOW)
    answer = client.get(f"{AT}/requests.json", headers={"authorization": f"Bearer {head}"})
    assert answer.status_code == 403
    for path in ("/api/v1/kiosks", "/api/v1/inbox"):  # and the program sees nothing else
        assert client.get(path, headers=line.shown).status_code == 403


def test_what_makes_no_sense_is_said_with_its_field(line: Line) -> None:
    for changed, status, said in (
        ({"service_code": "32.73-tidak_ada"}, 422, "category"),
        ({"service_code": "99.99-jalan_rusak"}, 422, "service_code"),
        ({"description": ""}, 422, "description"),
        ({"attribute[place]": "32.04.15"}, 422, "attribute[place]"),
        ({"service_code": "32.04-jalan_rusak", "attribute[place]": "32.04.15"}, 403, "hands"),
    ):
        answer = line.client.post(f"{AT}/requests.json", data=FORM | changed, headers=line.shown)
        assert (answer.status_code, said in answer.text) == (status, True), answer.text
    for query in ({"status": "x"}, {"start_date": "x"}, {"service_code": "x"}, {"page": "0"}):
        answer = line.client.get(f"{AT}/requests.json", params=query, headers=line.shown)
        assert answer.status_code == 422
    for path in ("requests/X-1.json", "tokens/X-1.json", "services/x.json"):
        assert line.client.get(f"{AT}/{path}", headers=line.shown).status_code == 404


def test_without_a_registrar_nothing_is_kept_and_the_program_tries_again(line: Line) -> None:
    app = create_api(line.registry.engine, lambda: NOW)
    with TestClient(app) as client:
        answer = client.post(f"{AT}/requests.json", data=FORM, headers=line.shown)
    assert (answer.status_code, answer.json()["who"]) == (503, "office")
