"""What was typed into the form that asks for a rollout, as a Request; nonsense is refused later."""

import pytest
from starlette.datastructures import FormData
from starlette.testclient import TestClient

from controller.jobs.asked import EVERYBODY, Asked
from controller.rollouts.plan import CAREFUL, Phase
from dashboards.console.pages.roll import STEPS, asked_of, moment_of, plan_of, windows_of
from tests.dashboards.console.conftest import Shelf


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({}, Asked(query=EVERYBODY)),
        ({"where": "saved", "saved": "7"}, Asked(saved=7)),
        ({"where": "names", "names": "a-1, b-2\nc-3; a-1"}, Asked(kiosks=("a-1", "b-2", "c-3"))),
        ({"where": "query", "query": "state=fail"}, Asked(query="state=fail")),
    ],
)
def test_kiosks_are_meant_as_they_were_chosen(typed: dict[str, str], asked: Asked) -> None:
    assert asked_of(FormData(typed)) == asked


def test_a_form_begins_carefully() -> None:
    plan = plan_of(FormData({}))
    assert plan.phases == CAREFUL
    assert (plan.held_percent, plan.soak_min, plan.windows) == (5, 30, ())
    assert STEPS[0] == ", ".join(one.bound for one in CAREFUL)


def test_the_first_phase_may_be_a_saved_list() -> None:
    plan = plan_of(FormData({"phases": "3, 50%, 100%", "canary": "4"}))
    assert plan.phases == (Phase(asked=Asked(saved=4)), Phase("50%"), Phase("100%"))


@pytest.mark.parametrize(
    ("typed", "windows"),
    [
        ({"window": "night"}, ((1320, 300),)),
        ({"window": "own", "since": "06:30", "until": "07:00"}, ((390, 420),)),
        ({"window": "own", "since": "25:00", "until": "x"}, ((0, 0),)),
        ({"window": "nonsense"}, ()),
    ],
)
def test_hours_are_minutes_of_the_day(
    typed: dict[str, str], windows: tuple[tuple[int, int], ...]
) -> None:
    assert windows_of(FormData(typed)) == windows


@pytest.mark.parametrize(
    ("text", "at"), [("2026-11-22T10:00", 1_795_316_400_000), ("", 0), ("soon", 0)]
)
def test_a_moment_is_typed_in_wib(text: str, at: int) -> None:
    assert moment_of(text) == at


def test_the_page_says_what_would_happen_before_anybody_presses_go(
    shelf: Shelf, reader: TestClient
) -> None:
    asked = {"release": shelf.releases["second"], "price": "1000"}
    text = reader.get("/rollouts/new", params=asked).text
    assert "61 anjungan" in text
    assert "4 ditahan sebagai pembanding" in text
    assert "Rp " in text


@pytest.mark.parametrize("what", ["draft", "waiting"])
def test_what_is_not_published_is_rolled_out_by_nobody(
    what: str, shelf: Shelf, reader: TestClient
) -> None:
    text = reader.get("/rollouts/new", params={"release": shelf.releases[what]}).text
    assert "Rilis ini tidak ada" in text
    assert 'id="roll-send"' not in text
