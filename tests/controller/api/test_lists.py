"""Routes about saved lists."""

from collections.abc import Callable

from fastapi.testclient import TestClient

from tests.support.jobs import BANDUNG, ELSEWHERE, JobDesk

As = Callable[..., TestClient]
LISTS = "/api/v1/lists"


def test_a_list_is_saved_renamed_asked_for_and_deleted(jobs: JobDesk, siti: TestClient) -> None:
    body = {"name": "Pagi", "asked": {"kiosks": jobs.names()[:2]}}
    number = siti.post(LISTS, json=body).json()["id"]
    assert siti.post(LISTS, json=body).status_code == 409
    assert siti.post(f"{LISTS}/{number}/rename", json={"name": "Sore"}).status_code == 204
    (row,) = siti.get(LISTS).json()
    assert (row["name"], row["asked"]["kiosks"]) == ("Sore", jobs.names()[:2])
    wish = {"kind": "noop", "asked": {"saved": number}}
    assert siti.post("/api/v1/jobs/preview", json=wish).json()["kiosks"] == 2
    assert siti.delete(f"{LISTS}/{number}").status_code == 204
    assert siti.delete(f"{LISTS}/{number}").status_code == 404
    assert siti.post("/api/v1/jobs", json=wish).status_code == 404


WRONG: list[dict[str, object]] = [
    {},
    {"name": "x"},
    {"name": "x", "asked": {}},
    {"name": "", "asked": {"query": "all=yes"}},
    {"name": "x", "asked": {"query": "state=red"}},
    {"name": "x", "asked": {"saved": 1}},
    {"name": 1, "asked": {"query": "all=yes"}},
]


def test_what_is_no_list_is_refused(siti: TestClient) -> None:
    for body in WRONG:
        assert siti.post(LISTS, json=body).status_code == 422, body
    assert siti.get(LISTS).json() == []


def test_row_69_lists_are_changed_by_their_makers(jobs: JobDesk, as_: As) -> None:
    siti, tono = as_("siti"), as_("tono", ("technician", BANDUNG))
    here, there = jobs.names(BANDUNG)[0], jobs.names(ELSEWHERE)[0]
    body = {"name": "Pagi", "asked": {"kiosks": [here, there]}}
    assert tono.post(LISTS, json=body).status_code == 403
    number = siti.post(LISTS, json=body).json()["id"]
    assert [row["asked"]["kiosks"] for row in tono.get(LISTS).json()] == [[here]]
    assert tono.delete(f"{LISTS}/{number}").status_code == 403
    assert tono.post(f"{LISTS}/{number}/rename", json={"name": "x"}).status_code == 403
    assert as_("loket", ("officer", "")).get(LISTS).status_code == 403
