"""How pages speak of submissions: names, colours that citizens know, the way so far."""

import pytest
from sqlalchemy import event as event_of
from starlette.requests import Request

from controller.inbox.shapes import Event, Row
from controller.store.engine import open_engine
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.citizens import CLOCK_TONES, STEPS, TONES, Speech, steps
from dashboards.console.texts import LANGUAGES, load
from wire.lifecycle import SUBMISSION, states

ROW = Row(1, "N", "apply", "32.73", "KEC-SKTM", 1, "kecamatan", "32.73.02", "", "", "named", 5, 6,
          "submitted", 6, 1, None, "", "", "", None, None, "k")  # fmt: skip


def event(number: int, old: str, new: str, word: str = "x") -> Event:
    return Event(number, number * 10, "loket", word, old, new, "", has_note=False)


def way(state: str, *flips: tuple[str, str]) -> list[tuple[str, str]]:
    events = [event(n, *flip) for n, flip in enumerate((("", "submitted"), *flips), 1)]
    row = ROW._replace(state=state, state_at=99)
    return [(one.name, one.state) for one in steps(row, events[::-1])]


def test_every_state_has_a_colour_and_a_word_in_both_languages() -> None:
    assert set(TONES) == states(SUBMISSION)
    for language in LANGUAGES:
        assert all(load()[language].known(f"sub_state.{state}") for state in TONES)
    assert set(CLOCK_TONES) == {"late", "soon", "fine", "none"}


@pytest.mark.parametrize("event_", sorted({event for _, event in SUBMISSION}))
def test_every_event_is_said_as_done(event_: str) -> None:
    for language in LANGUAGES:
        known = load()[language].known
        assert known(f"sub_did.{event_}") or event_ == "finish"


def test_the_way_is_what_was_done_what_is_now_and_what_comes() -> None:
    told = way("processing", ("submitted", "verifying"), ("verifying", "processing"))
    assert told == [("submitted", "done"), ("verifying", "done"), ("processing", "now"),
                    ("ready", "next"), ("taken", "next")]  # fmt: skip
    skipped = way("ready", ("submitted", "processing"), ("processing", "ready"))
    assert skipped[1] == ("verifying", "passed")
    done = way("taken", ("submitted", "processing"), ("processing", "ready"), ("ready", "taken"))
    assert [one for _, one in done] == ["done", "passed", "done", "done", "done"]


def test_what_went_back_stands_at_the_end_of_its_way() -> None:
    told = way("returned", ("submitted", "verifying"), ("verifying", "returned"))
    assert told == [("submitted", "done"), ("verifying", "done"), ("returned", "now")]
    assert way("rejected", ("submitted", "rejected"))[-1] == ("rejected", "now")


def test_a_word_without_a_flip_is_no_step() -> None:
    events = [event(3, "submitted", "submitted", "note"), event(1, "", "submitted", "submit")]
    first = steps(ROW, events)[0]
    assert (first.name, first.at) == (STEPS[0], 10)


def test_one_day_is_said_as_one(sqlite_url: str) -> None:
    engine, day, tuesday = open_engine(sqlite_url), 86_400_000, 1_795_489_200_000
    with engine.connect() as conn:
        said = []
        for days in (-2, -1, 1, 2):
            request = Request({"type": "http", "headers": [], "query_string": b"", "path": "/"})
            speech = Speech(Ask(request, conn, tuesday, load()["en"]))
            due = ROW._replace(due_at=tuesday + days * day, due_what="sla")
            said.append(speech.clock(due).text)
    engine.dispose()
    assert said == ["2 working days late", "1 working day late",
                    "1 working day left", "2 working days left"]  # fmt: skip


def test_what_the_office_knows_is_read_once_for_all_parts_of_a_page(sqlite_url: str) -> None:
    engine, said = open_engine(sqlite_url), list[str]()
    event_of.listen(engine, "before_cursor_execute", lambda *its: said.append(its[2]))
    request = Request({"type": "http", "headers": [], "query_string": b"", "path": "/inbox"})
    with engine.connect() as conn:
        ask = Ask(request, conn, 0, load()["id"])
        assert Speech(ask).known is Speech(ask).known
    engine.dispose()
    assert sum("FROM tenant" in one for one in said) == 1
