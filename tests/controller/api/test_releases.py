"""The routes about releases, as a program sees them: from a draft to what is published."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from controller.api.app import create_api
from tests.support.people import add_person, give_token
from tests.support.press import Press, press
from tests.support.release_keys import id_of

__all__ = ["press"]
BODY = {"bundle": "video", "note": "harga baru"}
As = Callable[..., TestClient]


@pytest.fixture
def as_(press: Press) -> As:
    """`as_(role)`: a program of a person with this role everywhere."""
    app = create_api(press.engine, lambda: press.now, releases=press.releases)

    def client(role: str, district: str = "") -> TestClient:
        number = add_person(press.engine, f"{role}-{district or 'x'}", (role, district))
        token = give_token(press.engine, number, press.now)
        headers = {"authorization": f"Bearer {token}"}
        return TestClient(app, raise_server_exceptions=False, headers=headers)

    return client


def test_a_release_is_handed_in_checked_signed_published_and_withdrawn(
    press: Press, as_: As
) -> None:
    office = as_("operator")
    made = office.post("/api/v1/releases", json=BODY)
    assert (made.status_code, made.json()["seq"]) == (201, 1)
    at = f"/api/v1/releases/{made.json()['id']}"
    large = b"v" * 200_000  # more than any other body may have
    for path, body in (("a/satu.html", b"<p>satu"), ("dua.txt", large)):
        put = office.put(f"{at}/files", params={"path": path, "size": len(body)}, content=body)
        assert put.status_code == 204, put.text
    checked = office.post(f"{at}/check", json={"min_seq": 1}).json()
    assert (checked["problems"], checked["missing"]) == ([], 2)
    found = office.get(at).json()
    assert (found["row"]["state"], found["row"]["files"], found["missing"]) == ("waiting", 2, 2)
    words = f"/api/v1/signings/{checked['signing_id']}/signatures"
    for left, key in zip((1, 0), press.held.at_hand.content, strict=False):
        signature = key.sign(found["signing"]["text"].encode()).hex()
        said = office.post(words, json={"key": id_of(key), "signature": signature})
        assert said.json() == {"missing": left}
    assert press.tick()
    rows = office.get("/api/v1/releases", params={"state": "published"}).json()
    assert (rows["total"], rows["rows"][0]["bytes"]) == (1, 200_007)
    assert office.post(f"{at}/withdraw", json={}).json()["signing_id"] > checked["signing_id"]


def test_what_is_wrong_with_a_draft_is_told_and_it_stays_one(as_: As) -> None:
    office = as_("admin")
    at = f"/api/v1/releases/{office.post('/api/v1/releases', json=BODY).json()['id']}"
    assert office.post(f"{at}/check", json={}).json()["problems"]
    climbing = {"path": "../x", "size": 1}
    assert office.put(f"{at}/files", params=climbing, content=b"x").status_code == 422
    short = {"path": "x", "size": 2}
    assert office.put(f"{at}/files", params=short, content=b"x").status_code == 422
    assert office.put(f"{at}/files", params=short, content=b"xxx").status_code == 422
    assert office.post(f"{at}/drop", json={}).status_code == 204
    assert office.put(f"{at}/files", params=short, content=b"xx").status_code == 409
    unknown = "/api/v1/releases/999/files"
    assert office.put(unknown, params=short, content=b"xx").status_code == 404


def test_a_signature_by_a_stranger_does_not_count(press: Press, as_: As) -> None:
    _, done = press.waiting({"a.txt": b"a"})
    words = f"/api/v1/signings/{done.signing_id}/signatures"
    given = {"key": "0" * 64, "signature": "0" * 128}
    assert as_("operator").post(words, json=given).status_code == 422


@pytest.mark.parametrize(("role", "district"), [("technician", ""), ("operator", "32.73")])
def test_who_may_not_publish_for_everybody_is_told_so(as_: As, role: str, district: str) -> None:
    other = as_(role, district)
    assert other.post("/api/v1/releases", json=BODY).status_code == 403
    put = other.put("/api/v1/releases/1/files", params={"path": "x", "size": 1}, content=b"x")
    assert put.status_code == 403
    assert other.get("/api/v1/releases").status_code == 200


def test_an_office_without_a_folder_of_releases_says_so(press: Press) -> None:
    number = add_person(press.engine, "siti", ("admin", ""))
    headers = {"authorization": f"Bearer {give_token(press.engine, number, press.now)}"}
    bare = TestClient(create_api(press.engine, lambda: press.now), headers=headers)
    answer = bare.post("/api/v1/releases", json=BODY)
    assert answer.status_code == 409
    assert "--releases DIR" in answer.json()["detail"]
    assert bare.get("/api/v1/releases", params={"state": "asleep"}).status_code == 422
