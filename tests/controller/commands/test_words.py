"""What a kiosk's word makes of a command."""

from typing import Any, get_args

import pytest

from controller.commands import words
from controller.commands.words import QUIET_MS, Refused, Standing, longest_ms
from wire.lifecycle import OPEN
from wire.messages import Attachment, End, Progress, Result

NAME = "a" * 32
ROW = Standing(
    1, NAME, 7, 3, "reboot", 1_000, 2_000, "sent", 3_000, 18_000, None, None, 0, "", "", "", {},
    None, None, None,
)  # fmt: skip
HEADER: dict[str, Any] = {"epoch": "0" * 16, "birth": 1, "seq": 1, "sent": 5}


def result(state: Any = "succeeded", **more: Any) -> Result:
    return Result(**HEADER, fact=1, command=NAME, state=state, began=5, ended=6, **more)


def progress(state: Any = "running", percent: int = 0, note: str = "") -> Progress:
    return Progress(**HEADER, command=NAME, state=state, percent=percent, note=note)


def test_a_sign_of_life_gives_it_time_again() -> None:
    heard = words.hear(ROW, 7, progress("accepted"), 10_000)
    assert (heard.state, heard.state_at, heard.accepted_at) == ("accepted", 10_000, 10_000)
    assert heard.due == 10_000 + longest_ms("reboot") == 10_000 + 900_000 + QUIET_MS
    later = words.hear(heard, 7, progress("running", 40, "down"), 11_000)
    assert (later.percent, later.note, later.accepted_at) == (40, "down", 10_000)
    again = words.hear(later, 7, progress("running", 60), 12_000)
    assert (again.state_at, again.percent) == (11_000, 60)
    assert words.hear(later, 7, progress("accepted"), 13_000).percent == 40


@pytest.mark.parametrize("state", [*OPEN, "overdue", "silent"])
@pytest.mark.parametrize("end", get_args(End))
def test_every_end_is_believed_whatever_was_guessed(state: str, end: str) -> None:
    heard = words.hear(ROW._replace(state=state), 7, result(end, code="x", why="so"), 9_000)
    assert (heard.state, heard.ended_at, heard.code, heard.why) == (end, 9_000, "x", "so")
    assert (heard.kiosk_began, heard.kiosk_ended) == (5, 6)


def test_the_proof_is_kept() -> None:
    sha = "b" * 64
    picture = Attachment(sha256=sha, size=5, type="image/jpeg")
    heard = words.hear(ROW, 7, result(facts={"pages": 1}, attachment=picture), 9_000)
    assert (heard.facts, heard.attachment, heard.percent) == ({"pages": 1}, sha, 100)
    assert words.seconds(heard) == 7.0


def test_an_end_said_again_is_no_news() -> None:
    ended = words.hear(ROW, 7, result(why="first"), 9_000)
    assert words.hear(ended, 7, result(why="again"), 10_000) is ended
    assert words.hear(ended, 7, progress(), 10_000) is ended


@pytest.mark.parametrize(
    ("row", "kiosk", "reason"),
    [
        (None, 7, "unknown_command"),
        (ROW, 8, "not_its_command"),
        (ROW._replace(state="failed"), 7, "second_end"),
    ],
)
def test_what_is_not_believed_has_a_reason(row: Standing | None, kiosk: int, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        words.hear(row, kiosk, result(), 9_000)
    assert refused.value.reason == reason


def test_what_was_cancelled_unsent_may_have_run_before_the_books_were_put_back() -> None:
    assert words.hear(ROW._replace(state="cancelled"), 7, result(), 9_000).state == "succeeded"


def test_a_kind_that_is_gone_has_a_limit_all_the_same() -> None:
    assert longest_ms("gone") == 600_000 + QUIET_MS
