"""Routes about jobs, as programs ask: what is taken, what is refused, and what attackers get."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from tests.support.jobs import BANDUNG, ELSEWHERE, JobDesk
from tests.support.signing import id_of
from wire.envelope import raw, text_of

As = Callable[..., TestClient]
JOBS = "/api/v1/jobs"
TOKEN = "0123456789abcdef" * 2
AS_JSON = {"content-type": "application/json"}


def wish(*names: str, kind: str = "noop", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "asked": {"kiosks": list(names)}, "why": "a reason", **more}


def wipe(jobs: JobDesk) -> dict[str, Any]:
    one = jobs.names()[0]
    return wish(one, kind="wipe", args={"kiosk": one})


def ask(client: TestClient, body: dict[str, Any]) -> int:
    answer = client.post(JOBS, json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def agree(jobs: JobDesk, client: TestClient, job_id: int, who: str, **wrong: Any) -> Any:
    said = client.get(f"{JOBS}/{job_id}/statement").json()
    key = jobs.ceremony.people[who]
    signature = text_of(key.sign(raw(said["message"])))
    body = {"key": id_of(key), "at": said["at"], "signature": signature, **wrong}
    return client.post(f"{JOBS}/{job_id}/approvals", json=body)


def test_a_job_is_previewed_asked_for_and_seen(jobs: JobDesk, siti: TestClient) -> None:
    body = wish(*jobs.names()[:20], kind="reboot", plan={"waves": ["50%", "100%"]})
    told = siti.post(f"{JOBS}/preview", json=body).json()
    assert (told["kiosks"], told["waves"], told["problems"]) == (20, [10, 10], [])
    job_id = ask(siti, body)
    found = siti.get(f"{JOBS}/{job_id}").json()
    assert (found["row"]["state"], found["row"]["counts"]) == ("running", {"queued": 20})
    assert [wave["open"] for wave in found["waves"]] == [True, False]
    listed = siti.get(JOBS, params={"state": "running", "kind": "reboot"}).json()
    assert [row["id"] for row in listed["rows"]] == [job_id]
    answers = siti.get(f"{JOBS}/{job_id}/answers", params={"state": "queued", "size": 5}).json()
    assert (answers["total"], len(answers["rows"])) == (20, 5)


def test_a_request_said_again_makes_one_job(jobs: JobDesk, siti: TestClient) -> None:
    body = wish(jobs.names()[0], token=TOKEN)
    assert ask(siti, body) == ask(siti, body)
    assert jobs.jobs() == 1


def test_a_job_is_steered(jobs: JobDesk, siti: TestClient) -> None:
    at = f"{JOBS}/{ask(siti, wish(*jobs.names()[:3]))}"
    assert siti.post(f"{at}/pause").status_code == 204
    again = siti.post(f"{at}/pause")
    assert (again.status_code, again.json()["who"]) == (409, "asker")
    assert siti.post(f"{at}/resume", json={}).status_code == 204
    rows = jobs.commands(int(at.rpartition("/")[2]))
    jobs.answer(rows[:1], "failed")
    made = siti.post(f"{at}/retry", json={"token": TOKEN})
    assert made.status_code == 201
    assert siti.post(f"{at}/retry", json={"token": TOKEN}).json() == made.json()
    assert siti.post(f"{at}/cancel").status_code == 204
    assert siti.get(at).json()["row"]["state"] == "cancelled"


def test_row_50_a_destructive_job_needs_two_people(jobs: JobDesk, as_: As) -> None:
    siti, budi = as_("siti"), as_("budi")
    job_id = ask(siti, wipe(jobs))
    assert agree(jobs, siti, job_id, "siti").json()["given"] == 1
    again = agree(jobs, siti, job_id, "siti").json()
    assert (again["first"], again["given"], again["state"]) == (False, 1, "waiting")
    jobs.tick(1_000)
    assert jobs.job(job_id).state == "waiting"
    assert agree(jobs, siti, job_id, "budi").json()["given"] == 1  # budi's key, siti's login
    assert agree(jobs, budi, job_id, "budi").json()["state"] == "ready"
    jobs.tick(899)
    assert jobs.job(job_id).state == "ready"


def test_row_50_a_signature_of_somebody_else_or_of_something_else_is_refused(
    jobs: JobDesk, as_: As
) -> None:
    job_id, budi = ask(as_("siti"), wipe(jobs)), as_("budi")
    for wrong in (
        {"signature": "A" * 86 + "=="},
        {"key": id_of(jobs.ceremony.people["rini"])},
        {"at": jobs.now + 1},
        {"at": 0},
        {"key": "0" * 16},
    ):
        answer = agree(jobs, budi, job_id, "budi", **wrong)
        assert answer.status_code == 422, wrong
    assert jobs.job(job_id).state == "waiting"


def test_a_job_that_is_refused_is_over(jobs: JobDesk, as_: As) -> None:
    job_id, rini = ask(as_("siti"), wipe(jobs)), as_("rini")
    assert rini.post(f"{JOBS}/{job_id}/refuse", json={"why": "salah"}).status_code == 204
    assert rini.get(f"{JOBS}/{job_id}/statement").status_code == 409
    assert jobs.job(job_id).state == "refused"


def test_row_51_an_attempt_to_wipe_the_fleet_fails_at_every_way(jobs: JobDesk, as_: As) -> None:
    siti, tono = as_("siti"), as_("tono", ("technician", ""))
    everybody = jobs.names()
    kind: dict[str, Any] = {"kind": "wipe", "args": {"kiosk": everybody[0]}}
    attempts = [
        wish(*everybody, **kind),
        {**wish(**kind), "asked": {"query": "all=yes"}},
        {**wish(**kind), "asked": {"query": "state=ok"}},
        {**wish(**kind), "asked": {"query": f"q={everybody[0]}"}},
        {**wish(**kind), "asked": {"kiosks": everybody, "query": "all=yes"}},
        wish(everybody[1], **kind),
        wish(everybody[0], kind="wipe"),
        wish(everybody[0], kind="wipe", args={"kiosk": "*"}),
    ]
    for body in attempts:
        answer = siti.post(JOBS, json=body)
        assert answer.status_code == 422, (body, answer.text)
    assert tono.post(JOBS, json=wipe(jobs)).status_code == 403
    assert jobs.jobs() == 0
    for name in everybody[:5]:  # one by one: each waits for two people and its cool-off
        ask(siti, wish(name, kind="wipe", args={"kiosk": name}))
    jobs.tick(3_600)
    assert {row.state for row in jobs.commands(1)} == {"queued"}


def test_row_51_what_is_routine_for_one_is_destructive_for_the_fleet(
    jobs: JobDesk, as_: As
) -> None:
    body = {**wish(kind="reboot"), "asked": {"query": "all=yes"}}
    refused = as_("tono", ("technician", "")).post(JOBS, json=body)
    assert (refused.status_code, "command.destructive" in refused.text) == (403, True)
    (row,) = jobs.log("refused.power")
    assert (row.who, row.subject) == ("tono", "command.destructive")
    job_id = ask(as_("siti"), body)
    assert (jobs.job(job_id).state, jobs.job(job_id).approvals) == ("waiting", 2)
    assert [wave["kiosks"] for wave in as_("siti").get(f"{JOBS}/{job_id}").json()["waves"]] == [
        1,
        1,
        38,
    ]


WRONG: list[dict[str, Any]] = [
    {"kind": "shell"},
    {"kind": "shell", "args": {"command": "id"}},
    {"args": {"x": 1}},
    {"kind": "set_volume", "args": {"percent": "40"}},
    {"kind": "set_volume", "args": {"percent": 40.5}},
    {"kind": "set_volume", "args": {"percent": 2**70}},
    {"kind": "set_volume", "args": {"percent": True}},
    {"kind": "set_volume", "args": {"percent": [40]}},
    {"kind": "maintenance", "args": {"on": 1}},
    {"kind": "maintenance", "args": {"on": True, "why": "\ud800"}},
    {"kind": "maintenance", "args": {"on": True, "why": "a\x00b"}},
    {"args": None},
    {"args": []},
    {"asked": {}},
    {"asked": {"kiosks": "k-000000"}},
    {"asked": {"kiosks": ["k-000000", "../k"]}},
    {"asked": {"kiosks": ["k-000000"] * 3000}},
    {"asked": {"query": "state=red"}},
    {"asked": {"saved": "1"}},
    {"asked": {"saved": -1}},
    {"asked": {"everybody": True}},
    {"plan": {"waves": []}},
    {"plan": {"waves": ["7"]}},
    {"plan": {"rate_per_min": "7"}},
    {"plan": {"window": {"cron": "* * * * *", "minutes": 60, "zone": "/etc/passwd"}}},
    {"plan": {"window": {"cron": "0 0 30 2 *", "minutes": 60}}},
    {"plan": {"pardoned": 1000}},
    {"valid_s": 10**9},
    {"valid_s": 59},
    {"valid_s": 600.5},
    {"why": "x" * 301},
    {"why": "a\x1bb"},
    {"token": "X" * 32},
    {"token": TOKEN + "\n"},
    {"retry_of": 1},
    {"power": "routine"},
    {"approvals": 0},
]


def test_row_45_what_nobody_knows_is_refused_and_leaves_nothing(
    jobs: JobDesk, siti: TestClient
) -> None:
    for wrong in WRONG:
        body = json.dumps(wish(jobs.names()[0]) | wrong)  # also half of a pair, escaped
        answer = siti.post(JOBS, content=body, headers=AS_JSON)
        assert answer.status_code == 422, (wrong, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    assert jobs.jobs() == 0


HOSTILE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"noop"',
    b"\xff\xfe",
    b"[" * 50_000,
    b'{"a":' * 9_000,
    b'{"kind":"noop","asked":{"kiosks":["k-000000"]},"valid_s":NaN}',
    b'{"kind":"noop","asked":{"kiosks":["k-000000"]},"valid_s":Infinity}',
    b'{"kind":"noop","asked":{"kiosks":["k-000000"]},"valid_s":' + b"9" * 5_000 + b"}",
    b"\xef\xbb\xbf" + b'{"kind":"noop","asked":{"kiosks":["k-000000"]}}x',
]


def test_row_52_hostile_json_is_refused_and_leaves_nothing(jobs: JobDesk, siti: TestClient) -> None:
    for body in HOSTILE:
        answer = siti.post(JOBS, content=body, headers=AS_JSON)
        assert answer.status_code in (400, 422), (body[:40], answer.text)
        assert answer.json()["who"] == "asker"
    assert jobs.jobs() == 0


def test_a_body_without_end_is_refused(jobs: JobDesk, siti: TestClient) -> None:
    assert siti.post(JOBS, content=b" " * 70_000).status_code == 413
    assert jobs.jobs() == 0


def test_row_69_of_a_job_a_viewer_sees_their_own_kiosks(jobs: JobDesk, as_: As) -> None:
    here, there = jobs.names(BANDUNG)[:2], jobs.names(ELSEWHERE)[:3]
    job_id = ask(as_("siti"), wish(*here, *there))
    tono = as_("tono", ("technician", BANDUNG))
    assert tono.get(f"{JOBS}/{job_id}").json()["row"]["counts"] == {"queued": 2}
    seen = tono.get(f"{JOBS}/{job_id}/answers").json()["rows"]
    assert {row["kiosk"] for row in seen} == set(here)
    for path in ("cancel", "pause", "resume", "retry"):
        assert tono.post(f"{JOBS}/{job_id}/{path}").status_code == 403
    assert tono.post(JOBS, json=wish(there[0])).status_code == 403
    foreign = ask(as_("siti"), wish(*there))
    for path in ("", "/answers", "/answers.csv"):
        assert tono.get(f"{JOBS}/{foreign}{path}").status_code == 403
    assert [row["id"] for row in tono.get(JOBS).json()["rows"]] == [job_id]
    assert len(jobs.log("refused.place")) >= 8


def test_answers_can_be_saved_as_a_table(jobs: JobDesk, siti: TestClient) -> None:
    job_id = ask(siti, wish(*jobs.names()[:3]))
    jobs.answer(jobs.commands(job_id)[:1], "failed", why="=cmd()", code="no_printer")
    answer = siti.get(f"{JOBS}/{job_id}/answers.csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="job-{job_id}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["kiosk"] for row in rows] == jobs.names()[:3]
    assert {row["why"] for row in rows} == {"'=cmd()", ""}
    (told,) = jobs.log("job.export")
    assert (told.who, told.detail) == ("siti", {"job": job_id, "answers": 3})


def test_a_job_nobody_knows_is_not_found(siti: TestClient) -> None:
    for path in ("99", "99/answers", "99/answers.csv", "99/statement"):
        assert siti.get(f"{JOBS}/{path}").status_code == 404


def test_a_question_nobody_can_answer_is_refused(siti: TestClient) -> None:
    for path in ("0", "-1", "x", str(2**63)):
        assert siti.get(f"{JOBS}/{path}").status_code == 422
    assert siti.get(f"{JOBS}/1/answers", params={"state": "red"}).status_code == 422
    assert siti.get(JOBS, params={"state": "red"}).status_code == 422
    assert siti.get(JOBS, params={"colour": "red"}).status_code == 422
