"""What a kiosk answered, in words: steps, proofs, guesses; and nothing it says is believed."""

from typing import Any

import pytest

from controller.jobs.shapes import Answer
from dashboards.console.pages.answers import STATES, TONES, shown
from dashboards.console.texts import load
from tests.support.showcase import NOW
from wire.actions import KINDS
from wire.handbook_answers import ANSWERS, DEEDS
from wire.lifecycle import COMMAND, GUESSES, states

ID, EN = load()["id"], load()["en"]


def answer(**more: Any) -> Answer:
    blank: dict[str, Any] = dict.fromkeys(Answer._fields, "") | {
        "facts": {},
        "attachment": None,
        "guess": False,
    }
    blank |= dict.fromkeys(("sent_at", "accepted_at", "ended_at", "cancel_at", "cancel_by"))
    blank |= {
        "state_at": NOW,
        "after": NOW,
        "expires": NOW + 60_000,
        "due": NOW + 60_000,
        "percent": 0,
        "wave": 1,
    }
    return Answer(**{**blank, "job_id": 1, "state": "queued", "presence": "online", **more})


def test_every_state_a_command_is_shown_in_has_a_tone_and_words() -> None:
    seen = {GUESSES.get(state, state) for state in states(COMMAND)}
    assert seen == set(STATES) == set(TONES)
    for t in (ID, EN):
        assert all(t.known(f"command_state.{state}") for state in seen)
        assert all(t.known(f"command_state_more.{state}") for state in seen)


@pytest.mark.parametrize("t", [ID, EN])
def test_every_kind_says_what_it_does_and_what_citizens_notice(t: Any) -> None:
    for table in ("command_kind", "command_what", "command_citizen"):
        assert all(t.known(f"{table}.{kind}") for kind in KINDS)


def test_steps_go_from_queued_to_the_end_with_their_moments() -> None:
    one = shown(answer(state="running", sent_at=NOW - 9, accepted_at=NOW - 5), NOW, ID)
    assert [step.state for step in one.steps] == ["done", "done", "done", "now", "next"]
    over = shown(answer(state="expired", ended_at=NOW), NOW, ID)
    assert [step.state for step in over.steps] == ["done", "passed", "passed", "passed", "done"]


def test_what_was_done_was_begun_and_what_was_refused_was_not() -> None:
    done = shown(answer(state="succeeded", sent_at=NOW, ended_at=NOW), NOW, ID)
    assert {step.state for step in done.steps} == {"done"}
    refused = shown(answer(state="rejected", sent_at=NOW, ended_at=NOW), NOW, ID)
    assert [step.state for step in refused.steps] == ["done", "done", "passed", "passed", "done"]


def test_a_guess_says_so() -> None:
    assert "belum pernah mengambilnya" in shown(answer(state="expired", guess=True), NOW, ID).guess
    assert "tidak terdengar" in shown(answer(state="unknown", guess=True), NOW, ID).guess
    assert shown(answer(state="expired"), NOW, ID).guess == ""


def test_an_open_command_says_what_it_waits_for() -> None:
    def hint(**more: Any) -> str:
        opened = more.pop("opened", None)
        return shown(answer(**more), NOW, ID, opened=opened).hint

    assert "luring" in hint(presence="offline")
    assert "Dijalankan mulai" in hint(after=NOW + 60_000)
    assert hint(wave=2, opened=1) == "Menunggu gelombang 2."
    assert "jam pelaksanaan tugas atau gilirannya" in hint(due=NOW + 30_000)
    assert "tidak datang lagi" in hint(due=NOW + 60_001)
    assert hint(job_state="paused") == "Dijeda"
    assert hint(state="succeeded") == ""


def test_a_print_is_proven_by_before_and_after() -> None:
    facts = {"before": "ok", "after": "ok", "impressions": 1}
    one = shown(answer(kind="test_print", state="succeeded", facts=facts), NOW, ID)
    assert [(row.before, row.after) for row in one.compared] == [("baik", "baik")]
    assert [fact.text for fact in one.facts] == ["1"]
    queue = shown(answer(kind="clear_queue", facts={"jobs_before": 3, "jobs": 0}), NOW, ID)
    assert [(row.before, row.after) for row in queue.compared] == [("3", "0")]


def test_a_browser_that_was_started_anew_is_another_one() -> None:
    old, new = "0a1b2c3d-0000-4000-8000-000000000000", "4e5f6071-0000-4000-8000-000000000000"
    facts = {"browser_before": old, "browser": new, "pid_before": None, "pid": None}
    one = shown(answer(kind="restart_browser", facts=facts), NOW, ID)
    assert [(row.before, row.after) for row in one.compared] == [("0a1b2c3d", "4e5f6071")]


def test_checks_are_a_table() -> None:
    facts = {"name_ok": True, "name_ms": 12, "door_ok": False, "door_why": "<b>"}
    one = shown(answer(kind="check_network", facts=facts), NOW, ID)
    told = [(row.name, row.tone) for row in one.checks]
    assert told == [("Nama (DNS)", "ok"), ("Pintu kantor", "fail")]
    tested = shown(answer(kind="self_test", facts={"printer": "warn", "checked": 1}), NOW, ID)
    assert [(row.tone, row.word) for row in tested.checks] == [("warn", "Peringatan")]


def test_only_a_picture_is_a_picture() -> None:
    named = {"command_id": "c" * 32, "attachment": "a" * 64}
    html = shown(answer(**named, attachment_type="text/html"), NOW, ID)
    assert (html.picture, bool(html.download)) == ("", True)
    assert shown(answer(**named, attachment_type="image/jpeg"), NOW, ID).picture


def test_what_a_kiosk_says_is_cut_and_cleaned() -> None:
    one = shown(answer(code="\u202e" + "x" * 900, why="y" * 900, facts={"z": "\x00"}), NOW, EN)
    assert "\u202e" not in one.says
    assert len(one.says) <= 200
    assert sum(len(piece.text) for piece in one.why) <= 200
    assert one.facts[0].text == "\ufffd"


@pytest.mark.parametrize("code", [*ANSWERS, *DEEDS])
def test_why_a_command_did_not_succeed_is_said_in_words(code: str) -> None:
    for language in (ID, EN):
        assert shown(answer(code=code), NOW, language).says != code
