"""The two pipes, with somebody at the other end who behaves badly."""

import os
from collections.abc import Iterator

import pytest

from agent.actions.asked import BadRequest
from agent.actions.lines import Lines
from agent.actions.stop import Orphaned


class Pair:
    def __init__(self) -> None:
        self.ear, self.to_child = os.pipe()
        self.from_child, self.mouth = os.pipe()
        self.lines = Lines(self.ear, self.mouth)
        self.open = [self.ear, self.to_child, self.from_child, self.mouth]

    def close(self, *handles: int) -> None:
        for handle in handles:
            self.open.remove(handle)
            os.close(handle)


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.close(*list(made.open))


def test_lines_come_one_by_one_however_they_were_cut(pair: Pair) -> None:
    os.write(pair.to_child, b"one\ntw")
    assert pair.lines.read(1) == b"one"
    os.write(pair.to_child, b"o\n")
    assert pair.lines.read(1) == b"two"


def test_silence_and_the_end_are_told_apart(pair: Pair) -> None:
    with pytest.raises(TimeoutError):
        pair.lines.read(0.02)
    pair.close(pair.to_child)
    with pytest.raises(EOFError):
        pair.lines.read(1)


def test_a_line_without_an_end_is_refused(pair: Pair) -> None:
    lines = Lines(pair.ear, pair.mouth)
    for _ in range(2):
        os.write(pair.to_child, b"x" * 40_000)
        try:
            lines.read(0.02)
        except (TimeoutError, BadRequest) as error:
            last = error
    assert isinstance(last, BadRequest)


def test_what_to_undo_is_noted_before_it_returns(pair: Pair) -> None:
    os.write(pair.to_child, b"ok\n")
    pair.lines.note("40")
    assert os.read(pair.from_child, 100) == b'{"undo":"40"}\n'


def test_an_executor_that_dies_before_noting_lets_nothing_begin(pair: Pair) -> None:
    pair.close(pair.to_child)
    with pytest.raises(Orphaned):
        pair.lines.note("40")


def test_another_answer_than_ok_lets_nothing_begin(pair: Pair) -> None:
    os.write(pair.to_child, b"no\n")
    with pytest.raises(BadRequest):
        pair.lines.note("40")


def test_speaking_to_nobody_is_said(pair: Pair) -> None:
    pair.close(pair.from_child)
    with pytest.raises(Orphaned):
        pair.lines.say(b"hello\n")
