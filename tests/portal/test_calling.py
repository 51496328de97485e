"""The button for an officer: one call, an honest end, and nothing of the citizen's."""

from pathlib import Path

import msgspec
import pytest

from portal.calling import APART_S, MOST, SHOWN_S, STANDS_S, WITHIN_S, Calling
from wire.citizen import Call, Coming


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, 100.0
        self.calling = Calling(folder, lambda: self.now)

    def asked(self) -> Call:
        return msgspec.json.decode((self.folder / "call.ask").read_bytes(), type=Call)

    def answers(self, state: str, uid: str = "") -> Coming:
        """As the agent's child leaves it."""
        said = Coming(id=uid or self.asked().id, state=state, since=5)  # type: ignore[arg-type]
        (self.folder / "call.ask").unlink()
        (self.folder / "call.answer").write_bytes(msgspec.json.encode(said))
        return said


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_call_is_told_with_its_page_answered_and_taken_on(bench: Bench) -> None:
    assert bench.calling.ring("perizinan", online=True) == "asking"
    assert bench.asked().page == "perizinan"
    said = bench.answers("open")
    assert bench.calling.state(None) == "open"
    assert [*bench.folder.iterdir()] == []
    taken = msgspec.structs.replace(said, state="taken")
    other = msgspec.structs.replace(taken, id="f" * 32)
    assert bench.calling.state(other) == "open"
    assert bench.calling.state(taken) == "taken"
    bench.now += SHOWN_S["taken"] + 1
    assert bench.calling.state(taken) == ""


def test_repeated_touches_are_one_call(bench: Bench) -> None:
    bench.calling.ring("perizinan", online=True)
    first = bench.asked()
    assert bench.calling.ring("video", online=True) == "asking"
    assert bench.asked() == first
    bench.answers("open")
    bench.calling.state(None)
    assert bench.calling.ring("video", online=True) == "open"
    assert not (bench.folder / "call.ask").exists()


def test_the_name_of_a_call_that_stood_there_already_is_taken_over(bench: Bench) -> None:
    bench.calling.ring("", online=True)
    said = bench.answers("open", "e" * 32)
    bench.calling.state(None)
    assert bench.calling.state(msgspec.structs.replace(said, state="taken")) == "taken"


def test_without_a_line_it_is_said_at_once_and_nothing_is_left_for_later(bench: Bench) -> None:
    assert bench.calling.ring("perizinan", online=False) == "away"
    assert [*bench.folder.iterdir()] == []
    bench.now += SHOWN_S["away"] + 1
    assert bench.calling.state(None) == ""


def test_an_office_that_does_not_answer_is_said_to_be_away_until_it_is_heard(bench: Bench) -> None:
    bench.calling.ring("perizinan", online=True)
    uid = bench.asked().id
    bench.now += WITHIN_S + 1
    assert bench.calling.state(None) == "away"
    assert [*bench.folder.iterdir()] == []
    late = Coming(id=uid, state="taken", since=9)
    assert bench.calling.state(late) == "taken"


def test_nobody_came_in_time(bench: Bench) -> None:
    bench.calling.ring("perizinan", online=True)
    bench.answers("open")
    bench.calling.state(None)
    bench.now += STANDS_S + 1
    assert bench.calling.state(None) == "over"


def test_a_child_that_plays_is_braked_here(bench: Bench) -> None:
    for _ in range(MOST):
        assert bench.calling.ring("", online=True) == "asking"
        bench.answers("taken")
        assert bench.calling.state(None) == "taken"
        bench.now += SHOWN_S["taken"] - 10
        bench.calling.state(None)
        bench.now = bench.now + 11
        assert bench.calling.state(None) == ""
        bench.now -= SHOWN_S["taken"]
    assert bench.calling.ring("", online=True) == "many"
    bench.now += APART_S + 1
    bench.calling.state(None)
    assert bench.calling.ring("", online=True) == "asking"


@pytest.mark.parametrize("page", ["3174999999990001", "Perizinan", "a" * 25, "a/b", ""])
def test_what_is_no_name_of_a_page_is_not_told(bench: Bench, page: str) -> None:
    bench.calling.ring(page, online=True)
    assert bench.asked().page == ""


def test_a_folder_that_takes_nothing_is_no_call(tmp_path: Path) -> None:
    assert Calling(tmp_path / "none").ring("", online=True) == "away"


@pytest.mark.parametrize("text", [b"{", b"\xff", b'{"id": "x"}', b""])
def test_what_is_no_answer_is_none(bench: Bench, text: bytes) -> None:
    bench.calling.ring("", online=True)
    (bench.folder / "call.answer").write_bytes(text)
    assert bench.calling.state(None) == "asking"
