"""Asking the office by way of the agent."""

import threading
from pathlib import Path

import msgspec

from portal.inquiry import Inquiry
from tests.support.wait import until
from wire.citizen import Answer, Question, Standing
from wire.local import ANSWER, ASK

NUMBER = "261122-0042-K7Q3M-R"
STANDING = Standing(number=NUMBER, service="KEC-SKTM-01", state="ready", since=1)


def answer(folder: Path, **said: object) -> None:
    """What the agent's child does."""
    path = until(lambda: [*folder.glob(f"*{ASK}")], 10)[0]
    question = msgspec.json.decode(path.read_bytes(), type=Question)
    told = Answer(id=str(said.get("id", question.id)), found=True, standing=STANDING)
    path.with_suffix(ANSWER).write_bytes(msgspec.json.encode(told))


def test_the_offices_answer_comes_back_and_no_file_is_left(tmp_path: Path) -> None:
    office = threading.Thread(target=answer, args=(tmp_path,))
    office.start()
    found = Inquiry(tmp_path, within_s=20).ask(NUMBER, "1234")
    office.join()
    assert found is not None
    assert found.standing == STANDING
    assert list(tmp_path.iterdir()) == []


def test_no_answer_in_time_is_none_and_no_file_is_left(tmp_path: Path) -> None:
    times = iter([0.0, 0.1, 99.0])
    inquiry = Inquiry(tmp_path, clock=lambda: next(times), pause=lambda _: None)
    assert inquiry.ask(NUMBER, "1234") is None
    assert list(tmp_path.iterdir()) == []


def test_an_answer_to_another_question_is_none(tmp_path: Path) -> None:
    office = threading.Thread(target=answer, args=(tmp_path,), kwargs={"id": "0" * 32})
    office.start()
    assert Inquiry(tmp_path, within_s=0.5).ask(NUMBER, "1234") is None
    office.join()


def test_without_the_folder_nobody_answers(tmp_path: Path) -> None:
    assert Inquiry(tmp_path / "none").ask(NUMBER, "1234") is None
