"""Routes about people's keys: one's own, everybody's for administrators, public halves only."""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient

from tests.support.jobs import JobDesk
from tests.support.signing import public_of
from wire.envelope import text_of

As = Callable[..., TestClient]
KEYS = "/api/v1/keys"


def test_a_key_is_made_known_and_ended(siti: TestClient) -> None:
    public = text_of(public_of(Ed25519PrivateKey.generate()))
    made = siti.post(KEYS, json={"public": public, "label": "komputer"})
    assert made.status_code == 201
    number = made.json()["key_id"]
    assert {row["key_id"]: row["in_force"] for row in siti.get(KEYS).json()}[number] == 0
    assert siti.post(f"{KEYS}/{number}/end").status_code == 204
    assert siti.post(f"{KEYS}/{number}/end", json={}).status_code == 404


def test_everybodys_keys_are_for_administrators(jobs: JobDesk, as_: As) -> None:
    assert {row["login"] for row in as_("siti").get(f"{KEYS}/all").json()} == set(jobs.people)
    operator = as_("tono", ("operator", ""))
    assert operator.get(f"{KEYS}/all").status_code == 403
    assert operator.get(KEYS).json() == []
    assert as_("tina", ("technician", "")).get(KEYS).status_code == 403


WRONG: list[dict[str, object]] = [
    {},
    {"public": "A" * 43 + "=", "label": "x"},
    {"public": "x", "label": "x"},
    {"public": 1, "label": "x"},
    {"public": "A" * 43 + "=", "label": "x", "private": "y"},
    {"public": "A" * 43 + "=", "label": ""},
]


def test_row_45_what_is_no_key_is_refused(siti: TestClient) -> None:
    for body in WRONG:
        assert siti.post(KEYS, json=body).status_code == 422, body
    assert len(siti.get(KEYS).json()) == 1
