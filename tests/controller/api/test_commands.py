"""Routes about single commands: one kiosk, one command, its end, what was handed in."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert

from controller.api.commands import handed
from controller.jobs.attachments import Attachment
from controller.store.command_tables import attachment
from controller.store.engine import writing
from tests.support.jobs import BANDUNG, ELSEWHERE, JobDesk

As = Callable[..., TestClient]
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


def command(client: TestClient, name: str, kind: str = "noop") -> str:
    answer = client.post(f"/api/v1/kiosks/{name}/commands", json={"kind": kind})
    assert answer.status_code == 201, answer.text
    (made,) = answer.json()["commands"]
    return str(made)


def test_a_kiosk_is_commanded_and_its_answer_seen(jobs: JobDesk, siti: TestClient) -> None:
    name = jobs.names()[0]
    made = command(siti, name, "reload_page")
    jobs.answer(jobs.commands(1), "succeeded", facts={"took_ms": 12})
    found = siti.get(f"/api/v1/commands/{made}").json()
    assert (found["state"], found["kiosk"], found["facts"]) == ("succeeded", name, {"took_ms": 12})
    latest = siti.get(f"/api/v1/kiosks/{name}/commands", params={"size": 1}).json()
    assert [one["command_id"] for one in latest] == [made]


def test_a_command_is_cancelled_in_every_open_state_or_says_why_not(
    jobs: JobDesk, siti: TestClient
) -> None:
    made = command(siti, jobs.names()[0])
    jobs.answer(jobs.commands(1), "running")
    at = f"/api/v1/commands/{made}/cancel"
    assert siti.post(at).json() == {"outcome": "asked"}
    jobs.answer(jobs.commands(1), "succeeded")
    refused = siti.post(at, json={})
    assert (refused.status_code, refused.json()["detail"]) == (409, "it is over: succeeded")
    other = command(siti, jobs.names()[0])
    assert siti.post(f"/api/v1/commands/{other}/cancel").json() == {"outcome": "cancelled"}


def hand_in(jobs: JobDesk, type_: str, body: bytes) -> None:
    (row,) = jobs.commands(1)
    jobs.answer([row], "succeeded", attachment="a" * 64)
    values = {"command_id": row.id, "sha256": "a" * 64, "type": type_, "size": len(body)}
    with writing(jobs.engine) as conn:
        conn.execute(insert(attachment).values(**values, body=body, at=jobs.now))


def test_a_picture_is_shown_and_the_look_written_down(jobs: JobDesk, siti: TestClient) -> None:
    at = f"/api/v1/commands/{command(siti, jobs.names()[0], 'screenshot')}/attachment"
    assert siti.get(at).status_code == 404
    hand_in(jobs, "image/jpeg", JPEG)
    answer = siti.get(at)
    assert (answer.content, answer.headers["content-type"]) == (JPEG, "image/jpeg")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(jobs.log("attachment.read")) == 1


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("text/html", b"<script>alert(1)</script>"),
        ("image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("image/jpeg", b"<html><script>alert(1)</script>"),
        ("application/gzip", b"\x1f\x8b\x08"),
        ("text/plain", b"<html>"),
        ("x\r\nset-cookie: a=b", b""),
    ],
)
def test_row_67_whatever_else_was_handed_in_is_only_saved(type_: str, body: bytes) -> None:
    found = Attachment("k-1", "collect_logs", type_, len(body), "a" * 64, body, 0)
    answer = handed(found, "0" * 32)
    assert answer.headers["content-disposition"].startswith("attachment; filename=k-1-collect")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "html" not in answer.headers["content-type"]
    assert "set-cookie" not in answer.headers


def test_row_69_nobody_commands_or_sees_elsewhere(jobs: JobDesk, as_: As) -> None:
    theirs = jobs.names(ELSEWHERE)[0]
    made = command(as_("siti"), theirs, "screenshot")
    hand_in(jobs, "image/jpeg", JPEG)
    tono = as_("tono", ("technician", BANDUNG))
    at = f"/api/v1/commands/{made}"
    kiosk = f"/api/v1/kiosks/{theirs}/commands"
    assert [tono.get(path).status_code for path in (at, f"{at}/attachment", kiosk)] == [403] * 3
    assert tono.post(kiosk, json={"kind": "noop"}).status_code == 403
    assert tono.post(f"{at}/cancel").status_code == 403
    assert len(jobs.log("refused.place")) == 5
    loket = as_("loket", ("officer", ""))
    assert loket.get(at).status_code == loket.post(kiosk, json={"kind": "noop"}).status_code == 403


def test_row_45_a_command_nobody_knows_is_refused(jobs: JobDesk, siti: TestClient) -> None:
    at = f"/api/v1/kiosks/{jobs.names()[0]}/commands"
    for body in ({"kind": "shell"}, {"kind": "noop", "args": {"x": 1}}, {"kind": "noop", "x": 1}):
        assert siti.post(at, json=body).status_code == 422
    assert siti.post(at, json={"kind": "clear_queue"}).status_code == 422  # no reason given
    assert jobs.jobs() == 0


def test_what_is_not_there_is_not_found(siti: TestClient) -> None:
    nobody = "/api/v1/kiosks/k-nobody/commands"
    assert siti.get(nobody).status_code == 404
    assert siti.post(nobody, json={"kind": "noop"}).status_code == 404
    at = f"/api/v1/commands/{'0' * 32}"
    assert [siti.get(path).status_code for path in (at, f"{at}/attachment")] == [404] * 2
    assert siti.post(f"{at}/cancel").status_code == 404
    assert siti.get("/api/v1/commands/x").status_code == 422
