"""Questions in memory: answered once, never kept."""

import os
from pathlib import Path

import msgspec
import pytest

from agent.submissions.asks import OLD_S, Asks
from wire.citizen import Answer, Call, Coming, Question

QUESTION = Question(id="a" * 32, number="261122-0042", tail="4321")


def answer(question: Question) -> Answer:
    return Answer(id=question.id, found=False, wait_s=5)


def test_a_question_becomes_an_answer(tmp_path: Path) -> None:
    (tmp_path / f"{QUESTION.id}.ask").write_bytes(msgspec.json.encode(QUESTION))
    Asks(tmp_path).each(answer)
    (found,) = tmp_path.iterdir()
    assert found.name == f"{QUESTION.id}.answer"
    assert msgspec.json.decode(found.read_bytes(), type=Answer) == answer(QUESTION)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a" * 32, b"{"),
        ("b" * 32, msgspec.json.encode(QUESTION)),
        ("a" * 32, msgspec.json.encode(QUESTION).replace(b"4321", b"43")),
    ],
)
def test_what_is_no_question_goes_and_is_not_asked(tmp_path: Path, name: str, text: bytes) -> None:
    (tmp_path / f"{name}.ask").write_bytes(text)
    Asks(tmp_path).each(answer)
    assert [*tmp_path.iterdir()] == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(msgspec.json.encode(QUESTION))
    (tmp_path / f"{QUESTION.id}.ask").symlink_to("other")
    Asks(tmp_path).each(answer)
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_what_nobody_fetched_goes_after_a_minute(tmp_path: Path) -> None:
    for name in ("old.answer", "old.ask", "new.answer", "new.ask"):
        (tmp_path / name).touch()
        at = 1_000.0 + (0 if name.startswith("old") else OLD_S)
        os.utime(tmp_path / name, (at, at))
    Asks(tmp_path, lambda: 1_000.0 + OLD_S + 1).sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.answer", "new.ask"]
    Asks(tmp_path, lambda: 1_000.0).sweep(every=True)
    assert [path.name for path in tmp_path.iterdir()] == ["new.answer"]


def test_a_kiosk_without_that_folder_has_no_questions(tmp_path: Path) -> None:
    Asks(tmp_path / "none").each(answer)
    Asks(tmp_path / "none").sweep()


def test_a_call_for_an_officer_becomes_what_the_office_said(tmp_path: Path) -> None:
    call = Call(id="a" * 32, page="perizinan")
    asks = Asks(tmp_path)
    (tmp_path / "call.ask").write_bytes(msgspec.json.encode(call))
    asks.each(answer)
    asks.call(lambda said: Coming(id=said.id, state="open", since=7))
    (found,) = tmp_path.iterdir()
    assert found.name == "call.answer"
    told = msgspec.json.decode(found.read_bytes(), type=Coming)
    assert told == Coming(id=call.id, state="open", since=7)
    (tmp_path / "call.ask").write_bytes(b'{"id": "somebody"}')
    asks.call(lambda _: pytest.fail("that was no call"))
    assert found.exists()
