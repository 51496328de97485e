"""When the child runs: a ring, a question, or time; more and more seldom when it does not help."""

import os
import random
from pathlib import Path

import pytest

from agent.submissions.errand import (
    LOOK_EVERY_S,
    NEWS_APART_S,
    NEWS_EACH_S,
    PAUSE_MOST_S,
    WITHIN_S,
    Errand,
)
from wire.local import ASK, RING


class Played:
    """A process of the child, whose end the test tells."""

    def __init__(self) -> None:
        self.code: int | None = None
        self.killed = False

    def poll(self) -> int | None:
        return self.code

    def kill(self) -> None:
        self.killed, self.code = True, -9


class Bench:
    def __init__(self, folder: Path) -> None:
        self.tray, self.asks, self.now = folder / "tray", folder / "asks", 100.0
        self.tray.mkdir()
        self.asks.mkdir()
        self.started: list[tuple[float, tuple[str, ...]]] = []
        self.child = Played()
        self.broken = self.full = False
        self.up = True
        self.errand = Errand(
            str(self.tray),
            str(self.asks),
            300.0,
            self._start,
            monotonic=lambda: self.now,
            rng=random.Random(1),
        )

    def _start(self, words: tuple[str, ...]) -> Played | None:
        if self.full:
            return None
        if self.broken:
            raise OSError("no process")
        self.started.append((self.now, words))
        self.child = Played()
        return self.child

    def run(self, seconds: float, ends: int | None = 0) -> list[tuple[str, ...]]:
        """What was started meanwhile; each child ends with that code at the next look."""
        before, until = len(self.started), self.now + seconds
        while self.now < until:
            self.errand.tick(up=self.up)
            self.child.code = ends if self.child.code is None else self.child.code
            self.now += 1.0
        return [words for _, words in self.started[before:]]

    def ring(self) -> None:
        (self.tray / RING).write_bytes(b"x" * len(self.started))
        os.utime(self.tray / RING, ns=(0, int(self.now * 1e9)))

    def ask(self) -> None:
        (self.asks / f"{'a' * 32}{ASK}").touch()

    def gaps(self) -> list[float]:
        return [b[0] - a[0] for a, b in zip(self.started, self.started[1:], strict=False)]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_it_comes_for_the_news_soon_after_a_start_and_then_by_the_clock(bench: Bench) -> None:
    assert bench.run(31) == [()]
    assert 5 <= bench.started[0][0] - 100 <= 31
    assert bench.run(1_000) == [()] * 3
    assert all(269 <= gap <= 332 for gap in bench.gaps())


def test_a_ring_is_heard_within_a_moment_and_once(bench: Bench) -> None:
    bench.run(40)
    bench.ring()
    assert bench.run(3) == [("--asked",)]
    assert bench.run(60) == []


def test_what_rings_while_it_runs_is_brought_by_the_next(bench: Bench) -> None:
    bench.run(40)
    bench.ring()
    bench.run(1, ends=None)
    bench.ring()
    bench.run(2, ends=None)
    bench.child.code = 0
    assert bench.run(5) == [("--asked",)]


def test_a_question_starts_it_at_once_also_while_the_office_is_away(bench: Bench) -> None:
    bench.run(40, ends=75)
    bench.ask()
    assert bench.run(2, ends=None) == [("--asked",)]


def test_a_round_that_left_something_is_made_again_more_and_more_seldom(bench: Bench) -> None:
    bench.up = False
    bench.run(40)
    bench.ring()
    bench.run(4_000, ends=75)
    gaps = bench.gaps()
    assert gaps[2] < 60
    assert max(gaps) <= PAUSE_MOST_S
    assert len(gaps) < 40


def test_a_line_that_comes_back_ends_the_pause(bench: Bench) -> None:
    bench.up = False
    bench.run(40)
    bench.ring()
    bench.run(1_200, ends=75)
    bench.run(2, ends=75)
    bench.up = True
    before = len(bench.started)
    bench.run(25)
    assert len(bench.started) > before


def test_a_child_that_hangs_is_ended(bench: Bench) -> None:
    bench.run(40, ends=None)
    child = bench.child
    bench.run(WITHIN_S + 5, ends=None)
    assert child.killed


@pytest.mark.parametrize(("code", "said"), [(2, "somebody must act"), (-9, "code -9")])
def test_what_only_people_can_mend_is_told_and_forgotten_when_it_is_well(
    bench: Bench, code: int, said: str
) -> None:
    bench.run(40, ends=code)
    assert said in bench.errand.trouble
    bench.run(400)
    assert bench.errand.trouble == ""


def test_a_process_that_cannot_be_started_is_told_and_tried_again(bench: Bench) -> None:
    bench.broken = True
    bench.run(60)
    assert "cannot be started" in bench.errand.trouble
    bench.broken = False
    bench.run(400)
    assert bench.errand.trouble == ""


def test_where_there_is_no_place_for_a_child_it_is_tried_again_and_nothing_is_said(
    bench: Bench,
) -> None:
    bench.full = True
    bench.run(60)
    assert bench.errand.trouble == ""
    bench.full = False
    assert bench.run(2) == [()]


def test_the_child_ends_with_the_agent(bench: Bench) -> None:
    bench.run(40, ends=None)
    bench.errand.stop()
    bench.errand.stop()
    assert bench.child.killed
    assert bench.errand.due() == bench.now + LOOK_EVERY_S


def test_news_of_the_office_is_fetched_within_a_second(bench: Bench) -> None:
    bench.run(31)
    assert bench.errand.news()
    assert not bench.errand.news(), "one that is known wakes nobody"
    assert bench.run(2) == [()]
    assert bench.errand.news()
    assert bench.run(60) == [()]


def test_news_that_could_not_be_fetched_is_fetched_with_the_next_try(bench: Bench) -> None:
    bench.run(31)
    bench.errand.news()
    assert bench.run(2, ends=75) == [()]
    assert bench.run(60) == [()]
    bench.ring()
    assert bench.run(5) == [("--asked",)]


def test_an_office_that_always_says_there_is_news_is_braked(bench: Bench) -> None:
    bench.run(31)
    begun = bench.now
    for _ in range(600):
        bench.errand.news()
        bench.run(1)
    assert 12 <= len(bench.started) - 1 <= 12 + 600 / NEWS_EACH_S + 3
    assert min(bench.gaps()) >= NEWS_APART_S
    assert sum(at < begun + 60 for at, _ in bench.started[1:]) <= 16
