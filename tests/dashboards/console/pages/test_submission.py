"""The page of one record: what is offered in each state, and that markup of officers stays text."""

import pytest
from starlette.testclient import TestClient

from dashboards.console.pages.submission import MAIN
from tests.support.showcase_inbox import Told
from wire.lifecycle import SUBMISSION, SUBMISSION_ENDS, states

STORIES = {1: "verify", 3: "process", 4: "finish", 5: "complete", 6: "hand_over", 9: "close"}


def test_every_open_state_has_a_large_button() -> None:
    for state in states(SUBMISSION) - set(SUBMISSION_ENDS):
        assert any((state, event) in SUBMISSION for event in MAIN), state


@pytest.mark.parametrize(("story", "button"), STORIES.items())
def test_the_large_button_is_what_comes_next(
    inbox: Told, officer: TestClient, story: int, button: str
) -> None:
    text = officer.get(f"/inbox/{inbox.its.ids[story]}").text
    shown = "close" if story == 9 else button
    assert f'id="do-{shown}"' in text


def test_an_ended_record_offers_no_large_button_and_a_merged_one_nothing(
    inbox: Told, officer: TestClient
) -> None:
    assert 'class="form act-main"' not in officer.get(f"/inbox/{inbox.its.ids[11]}").text
    merged = officer.get(f"/inbox/{inbox.its.ids[14]}").text
    assert 'id="acts"' not in merged
    assert "Pengaduan ini digabung" in merged


def test_what_officers_write_is_text(inbox: Told, officer: TestClient) -> None:
    where = f"/inbox/{inbox.its.ids[1]}"
    said = {"version": 1, "event": "return", "why": "<script>alert(1)</script>"}
    officer.post(f"{where}/move", data=said)
    text = officer.get(where).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
