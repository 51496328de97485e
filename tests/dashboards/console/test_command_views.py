"""Asking from the dialog: one token one job, a refusal keeps what was typed, lists are kept."""

from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from controller.store.command_tables import job
from tests.dashboards.console.conftest import Fleet
from tests.support.showcase_jobs import govern
from tests.support.signing import Ceremony

TOKEN = "ab" * 16


@pytest.fixture
def wish(fleet: Fleet) -> dict[str, Any]:
    govern(fleet.engine, Ceremony("siang"))
    said = {"kind": "set_volume", "typed": "yes", "arg_percent": "40", "token": TOKEN}
    return {"kiosk": fleet.names["Coblong"], "why": "terlalu keras", **said}


def jobs(fleet: Fleet) -> int:
    with fleet.engine.connect() as conn:
        return conn.scalar(select(func.count()).select_from(job)) or 0


def test_two_clicks_with_one_token_make_one_job(
    fleet: Fleet, client: TestClient, wish: dict[str, Any]
) -> None:
    first, second = (client.post("/act", data=wish) for _ in range(2))
    assert first.headers["location"] == second.headers["location"] == "/jobs/1"
    assert jobs(fleet) == 1


def test_a_refusal_says_why_and_keeps_what_was_typed(
    fleet: Fleet, client: TestClient, wish: dict[str, Any]
) -> None:
    answer = client.post("/act", data={**wish, "arg_percent": "140"})
    assert answer.status_code == 422
    assert "Isian perintah belum benar" in answer.text
    assert 'value="terlalu keras"' in answer.text
    assert f'value="{TOKEN}"' in answer.text
    assert jobs(fleet) == 0


def test_a_preview_writes_nothing_and_says_who_must_agree(
    fleet: Fleet, client: TestClient, wish: dict[str, Any]
) -> None:
    told = client.post("/act/preview", data={**wish, "kind": "clear_queue"}).text
    assert told.lstrip().startswith('<div id="preview"')
    assert "1 orang harus menyetujui" in told
    assert "Minta persetujuan" in told
    assert client.post("/act/preview", data={"kind": "shell"}).status_code == 422
    assert jobs(fleet) == 0


def test_a_filter_that_has_grown_since_it_was_seen_is_shown_again(
    fleet: Fleet, client: TestClient, wish: dict[str, Any]
) -> None:
    del wish["kiosk"]
    filtered = {**wish, "kind": "noop", "query": "all=yes"}
    told = client.post("/act/preview", data={**filtered, "seen": "1"}).text
    assert 'name="seen" value="1"' not in told
    answer = client.post("/act", data={**filtered, "seen": "1"})
    assert answer.status_code == 422
    assert "lebih banyak dari yang Anda lihat" in answer.text
    assert jobs(fleet) == 0


def test_a_list_is_saved_shown_and_dropped(
    fleet: Fleet, client: TestClient, wish: dict[str, Any]
) -> None:
    asked = {"kiosk": [wish["kiosk"], fleet.names["Regol"]], "name": "Dua <b>"}
    assert client.post("/lists", data=asked).headers["location"] == "/lists?told=saved"
    assert client.post("/lists", data=asked).status_code == 422, "the name is taken"
    assert client.post("/lists", data={"name": "Kosong"}).status_code == 422
    whole = {"query": "state=fail", "whole": "yes", "name": "Rusak"}
    client.post("/lists", data=whole)
    text = client.get("/lists").text
    assert "Dua &lt;b&gt;" in text
    assert "2 nama" in text
    assert "ke daftar Rusak (4 anjungan)" in client.get("/act?saved=2").text
    client.post("/lists/1/drop")
    assert "Dua &lt;b&gt;" not in client.get("/lists").text
