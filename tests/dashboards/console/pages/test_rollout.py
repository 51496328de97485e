"""The page of a rollout: phases, the comparison, decisions with reasons, each kiosk."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from controller.rollouts.shapes import DecisionRow, Group, PhaseRow
from dashboards.console.pages.rollout import STEERS, bad_bars, differs, phase_word
from tests.dashboards.console.conftest import Shelf
from tests.support.showcase import NOW
from tests.support.showcase_releases import Morning
from wire.lifecycle import ROLLOUT


def test_only_what_the_table_knows_is_offered() -> None:
    for state, acts in STEERS.items():
        assert all((state, act) in ROLLOUT for act in acts), state


def test_every_rollout_has_its_page_and_no_kiosks_word_is_markup(
    shelf: Shelf, reader: TestClient
) -> None:
    for what, number in shelf.rollouts.items():
        answer = reader.get(f"/rollouts/{number}")
        assert answer.status_code == 200, what
        assert "<img src=x" not in answer.text, what


def test_a_stopped_rollout_says_why_and_what_was_compared(shelf: Shelf, reader: TestClient) -> None:
    text = reader.get(f"/rollouts/{shelf.rollouts['stopped']}").text
    assert "3 dari 3 anjungan yang diperbarui dan 0 dari 50 yang lain tidak melayani" in text
    assert "semua sudah kembali" in text
    assert text.count("tidak dibuka") == 3


def test_a_running_rollout_shows_its_phases_its_end_and_who_is_at_work(
    shelf: Shelf, reader: TestClient
) -> None:
    text = reader.get(f"/rollouts/{shelf.rollouts['running']}").text
    for word in (
        "Perkiraan selesai",
        "Mengunduh",
        "118,2\u00a0kB dari 209,0\u00a0kB",
        "06.00–22.00",
    ):
        assert word in text, word
    for name in ("rollout-pause", "rollout-abort", "rollout-back", "rollout-retry"):
        assert f'id="{name}"' in text, name


def test_kiosks_are_found_by_state_phase_and_name(shelf: Shelf, reader: TestClient) -> None:
    number = shelf.rollouts["running"]
    desk = Morning(shelf.fleet.engine, NOW)
    failed = desk.shares(number, state="failed")[0].kiosk_id
    name = next(name for name, one in desk.ids.items() if one == failed)

    def found(**asked: Any) -> str:
        headers = {"hx-target": "shares"}
        return str(reader.get(f"/rollouts/{number}", params=asked, headers=headers).text)

    assert f'id="share-{name}"' in found(state="failed")
    assert f'id="share-{name}"' in found(phase=2, q=name)
    assert f'id="share-{name}"' not in found(phase=1)
    assert "Tidak ada anjungan yang cocok" in found(q="nobody")


def test_a_rollout_nobody_knows_is_no_page(reader: TestClient) -> None:
    assert reader.get("/rollouts/999").status_code == 404


@pytest.mark.parametrize(
    ("state", "opened", "counts", "word"),
    [
        ("running", 0, {"waiting": 3}, "waits"),
        ("running", 1, {"wanted": 1}, "open"),
        ("running", 1, {"installed": 3}, "open"),  # watched, or it would not be the last one
        ("finished", 1, {"installed": 3}, "done"),
        ("rolled_back", 1, {"rolled_back": 3}, "stopped"),
        ("rolled_back", 0, {"waiting": 3}, "never"),
        ("aborted", 1, {"installed": 3}, "done"),
    ],
)
def test_a_phase_is_named_by_its_kiosks_and_by_the_rollout(
    state: str, opened: int, counts: dict[str, int], word: str, shelf: Shelf
) -> None:
    row = Morning(shelf.fleet.engine, NOW).shown(shelf.rollouts["finished"]).row
    back = counts.get("rolled_back", 0)
    phase = PhaseRow(
        1, "3", {}, held_back=False, open=opened > 0, kiosks=3, counts=counts, back=back
    )
    assert phase_word(phase, row._replace(state=state, phase=1)) == word


def test_a_difference_is_no_harm_where_something_else_stopped_it(shelf: Shelf) -> None:
    it = Morning(shelf.fleet.engine, NOW).shown(shelf.rollouts["stopped"])

    def stopped(chance: float) -> bool:
        numbers = {"tests": {"comparison": {"chance": chance, "limit": 0.005}}}
        stop = DecisionRow(9, NOW, 1, "stop", "2 went back", numbers)
        return differs(it._replace(decisions=[stop]))

    assert stopped(0.004)
    assert not stopped(0.083)


def test_the_bars_of_two_groups_can_be_compared() -> None:
    assert bad_bars(Group(4, 1, 1, 0, 0)) == [("ok", 0.0, 75.0), ("fail", 75.0, 25.0)]
    assert bad_bars(Group(3, 3, 0, 0, 3)) == [("fail", 0.0, 100.0)]
    assert bad_bars(Group(0, 0, 0, 0, 0)) == []
