"""Asking for a rollout, agreeing to it and steering it through the console's addresses."""

from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from controller.rollouts import steer
from controller.store.release_tables import rollout, rollout_approval
from tests.dashboards.console.conftest import Shelf
from tests.support.console import admitted, wear
from tests.support.showcase import NOW
from tests.support.showcase_releases import Morning

TOKEN = "c" * 32


def wish(shelf: Shelf, **more: str) -> dict[str, str]:
    """A rollout that no other is in the way of."""
    usual = {"release": str(shelf.releases["second"]), "why": "uji", "token": TOKEN}
    return usual | {"phases": "1, 100%"} | more


def row_of(shelf: Shelf, number: int) -> Any:
    with shelf.fleet.engine.connect() as conn:
        return conn.execute(select(rollout).where(rollout.c.id == number)).one()


@pytest.fixture
def free(shelf: Shelf) -> Shelf:
    """The running rollout was stopped."""
    Morning(shelf.fleet.engine, NOW).steer(steer.abort, shelf.rollouts["running"])
    return shelf


def test_two_clicks_make_one_rollout(free: Shelf, reader: TestClient) -> None:
    made = {reader.post("/rollouts", data=wish(free)).headers["location"] for _ in range(2)}
    assert len(made) == 1
    number = int(made.pop().rsplit("/", 1)[-1])
    row = row_of(free, number)
    assert (row.bundle, row.seq, row.why, row.kiosks) == ("layanan", 2, "uji", 61)


def test_what_cannot_be_is_shown_again_with_its_reason(shelf: Shelf, reader: TestClient) -> None:
    answer = reader.post("/rollouts", data=wish(shelf))
    assert answer.status_code == 422
    assert "sedang berjalan di sebagian anjungan ini" in answer.text
    assert 'value="uji"' in answer.text


def test_more_kiosks_than_were_seen_are_not_meant(free: Shelf, reader: TestClient) -> None:
    answer = reader.post("/rollouts", data=wish(free, seen="60"))
    assert answer.status_code == 422
    assert "lebih banyak dari yang Anda lihat" in answer.text


def test_the_figures_follow_what_is_chosen(free: Shelf, reader: TestClient) -> None:
    one = wish(free, where="names", names=free.fleet.names["Coblong"])
    text = reader.post("/rollouts/preview", data=one).text
    assert '<b class="figure" id="dry-kiosks">1 anjungan</b>' in text
    assert 'id="roll-fields"' not in text
    refused = reader.post("/rollouts/preview", data=wish(free, phases="kapan saja")).text
    assert "Tahapnya tidak bisa begini" in refused
    assert 'id="roll-send" disabled' in refused
    assert reader.post("/rollouts/preview", data={"release": "999"}).status_code == 422


def test_a_browser_without_scripts_sees_it_first(free: Shelf, reader: TestClient) -> None:
    answer = reader.post("/rollouts", data=wish(free, step="preview"))
    assert answer.status_code == 200
    assert 'id="dry-kiosks"' in answer.text
    assert reader.post("/rollouts", data={"release": "999"}).status_code == 404


def test_a_second_person_agrees_and_the_asker_does_not(free: Shelf, reader: TestClient) -> None:
    made = reader.post("/rollouts", data=wish(free, approvals="1")).headers["location"]
    assert "Peminta tidak boleh" in reader.get(made).text
    assert reader.post(f"{made}/agree").status_code == 409
    wear(reader, admitted(free.fleet.engine, NOW, "siang", ("supervisor", "")))
    assert 'id="rollout-agree"' in reader.get(made).text
    answer = reader.post(f"{made}/agree")
    assert "Persetujuan Anda sudah dicatat" in reader.get(answer.headers["location"]).text
    with free.fleet.engine.connect() as conn:
        assert list(conn.scalars(select(rollout_approval.c.login))) == ["siang"]
    assert row_of(free, int(made.rsplit("/", 1)[-1])).state == "ready"


def test_a_refusal_needs_a_reason_and_ends_it(free: Shelf, reader: TestClient) -> None:
    made = reader.post("/rollouts", data=wish(free, approvals="1")).headers["location"]
    wear(reader, admitted(free.fleet.engine, NOW, "siang", ("supervisor", "")))
    assert reader.post(f"{made}/refuse", data={"why": " "}).status_code == 409
    reader.post(f"{made}/refuse", data={"why": "belum diuji"})
    assert row_of(free, int(made.rsplit("/", 1)[-1])).state == "refused"


@pytest.mark.parametrize(
    ("act", "said", "state"),
    [
        ("pause", {}, "paused"),
        ("abort", {}, "aborted"),
        ("back", {"why": "halaman kosong"}, "rolling_back"),
    ],
)
def test_a_running_rollout_is_steered(
    act: str, said: dict[str, str], state: str, shelf: Shelf, reader: TestClient
) -> None:
    number = shelf.rollouts["running"]
    answer = reader.post(f"/rollouts/{number}/{act}", data=said)
    assert answer.headers["location"] == f"/rollouts/{number}?told={act}"
    assert 'id="told"' in reader.get(answer.headers["location"]).text
    assert row_of(shelf, number).state == state
    again = reader.post(f"/rollouts/{number}/{act}", data=said)
    assert again.status_code == 409
    assert 'id="refusal"' in again.text


def test_the_failed_are_tried_again_within_the_same_rollout(
    shelf: Shelf, reader: TestClient
) -> None:
    number = shelf.rollouts["running"]
    answer = reader.post(f"/rollouts/{number}/retry", data={"token": TOKEN})
    assert answer.headers["location"] == f"/rollouts/{number}?told=retry"
    assert Morning(shelf.fleet.engine, NOW).shares(number, state="failed") == []


def test_a_rollout_nobody_knows_is_not_steered(reader: TestClient) -> None:
    assert reader.post("/rollouts/999/pause").status_code == 404
