"""Steering jobs, cancelling, agreeing, and what kiosks handed in, which is never believed."""

import pytest
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from controller.store.command_tables import command, job, operator_key
from controller.store.engine import writing
from controller.store.people_tables import audit
from tests.dashboards.console.conftest import Fleet
from tests.support.console import account_of, admitted, wear
from tests.support.showcase import NOW
from tests.support.showcase_jobs import PICTURE, answered, asked, govern, hand_in
from tests.support.signing import Ceremony, id_of, public_of
from wire.envelope import text_of


@pytest.fixture
def ceremony(fleet: Fleet) -> Ceremony:
    made = Ceremony("pagi", "sore")
    govern(fleet.engine, made)
    return made


def state(fleet: Fleet, number: int) -> str:
    with fleet.engine.connect() as conn:
        return str(conn.scalar(select(job.c.state).where(job.c.id == number)))


@pytest.mark.usefixtures("ceremony")
def test_a_job_is_paused_resumed_and_cancelled(fleet: Fleet, client: TestClient) -> None:
    number = asked(fleet.engine, "noop", *sorted(fleet.names.values())[:3])
    for act, after in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        answer = client.post(f"/jobs/{number}/{act}")
        assert answer.headers["location"] == f"/jobs/{number}?told={act}"
        assert state(fleet, number) == after
    assert client.post(f"/jobs/{number}/pause").status_code == 409
    assert client.post("/jobs/999/pause").status_code == 404


@pytest.mark.usefixtures("ceremony")
def test_a_command_is_cancelled_and_one_that_ended_says_it_cannot_be(
    fleet: Fleet, client: TestClient
) -> None:
    name = fleet.names["Coblong"]
    number = asked(fleet.engine, "reboot", name)
    with fleet.engine.connect() as conn:
        one = conn.scalar(select(command.c.command_id).where(command.c.job_id == number))
    back = client.post(f"/commands/{one}/cancel", data={"next": "https://evil.example/"})
    assert back.headers["location"] == "/"
    again = client.post(f"/commands/{one}/cancel")
    assert (again.status_code, "tidak bisa dibatalkan" in again.text) == (409, True)
    assert client.post(f"/commands/{'0' * 32}/cancel").status_code == 404


@pytest.mark.usefixtures("ceremony")
@pytest.mark.parametrize(
    ("type_", "body", "way"),
    [
        ("image/jpeg", PICTURE, "inline"),
        ("image/jpeg", b"<script>alert(1)</script>", "attachment"),
        ("text/html", b"<script>alert(1)</script>", "attachment"),
        ("image/svg+xml", b"<svg onload=alert(1)>", "attachment"),
    ],
)
def test_only_a_jpeg_that_is_one_is_shown_and_each_look_is_written_down(
    type_: str, body: bytes, way: str, fleet: Fleet, client: TestClient
) -> None:
    name = fleet.names["Coblong"]
    number = asked(fleet.engine, "screenshot", name)
    one = hand_in(fleet.engine, number, type_, body, "d" * 64)
    answer = client.get(f"/commands/{one}/attachment")
    assert answer.headers["content-disposition"].startswith(f"{way}; filename=")
    shown = "image/jpeg" if way == "inline" else "application/octet-stream"
    assert answer.headers["content-type"] == shown
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    with fleet.engine.connect() as conn:
        assert conn.scalar(select(audit.c.what).where(audit.c.what == "attachment.read"))
    assert client.get(f"/commands/{'0' * 32}/attachment").status_code == 404


def test_two_people_agree_and_one_person_does_not_count_twice(
    fleet: Fleet, client: TestClient, ceremony: Ceremony
) -> None:
    name = fleet.names["Cibiru"]
    number = asked(fleet.engine, "wipe", name, args={"kiosk": name}, valid_s=86_400)
    add_keys(fleet, ceremony)
    for login, given in (("pagi", 1), ("pagi", 1), ("sore", 2)):
        wear(client, admitted(fleet.engine, NOW, login, ("supervisor", "")))
        order = client.get(f"/jobs/{number}/statement")
        text = order.json()["order"] if order.status_code == 200 else ""
        word = ceremony.approve(login, text, NOW)
        said = {"key": word.key, "at": word.at, "signature": word.signature}
        told = client.post(f"/jobs/{number}/agree", json=said)
        assert told.json() == {"given": given, "needed": 2}, told.text
    assert state(fleet, number) == "ready"


def test_a_signature_of_something_else_is_refused_with_a_reason(
    fleet: Fleet, client: TestClient, ceremony: Ceremony
) -> None:
    number = asked(fleet.engine, "clear_queue", fleet.names["Cibiru"])
    add_keys(fleet, ceremony)
    word = ceremony.approve("pagi", "{}", NOW)
    said = {"key": word.key, "at": word.at, "signature": word.signature}
    told = client.post(f"/jobs/{number}/agree", json=said)
    assert (told.status_code, "tidak sah" in told.text) == (409, True)
    refused = client.post(f"/jobs/{number}/refuse", data={"why": "bukan sekarang"})
    assert refused.headers["location"] == f"/jobs/{number}"
    assert state(fleet, number) == "refused"


@pytest.mark.usefixtures("ceremony")
def test_what_failed_is_tried_again_as_a_job_of_its_own(fleet: Fleet, client: TestClient) -> None:
    name = fleet.names["Coblong"]
    number = asked(fleet.engine, "noop", name)
    nothing = client.post(f"/jobs/{number}/retry", data={"token": "1" * 32})
    assert nothing.status_code == 409
    answered(fleet.engine, number, name, "failed", code="timeout", ended_at=NOW)
    again = client.post(f"/jobs/{number}/retry", data={"token": "1" * 32})
    assert again.headers["location"] == f"/jobs/{number + 1}"


def add_keys(fleet: Fleet, ceremony: Ceremony) -> None:
    """The office knows whose these keys are, as when their owners had made them here."""
    for login, key in ceremony.people.items():
        number = account_of(fleet.engine, login, ("supervisor", ""))
        row = {"key_id": id_of(key), "account_id": number, "public": text_of(public_of(key))}
        with writing(fleet.engine) as conn:
            conn.execute(insert(operator_key).values(**row, label="x", made_at=NOW))
