"""What is worth a message."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.band import worth_reporting
from tests.agent.observations import seen
from wire.messages import Fact, Observation

NUMBERS = st.integers(-1000, 1000) | st.floats(-1000, 1000)


def test_a_probe_never_reported_is_news() -> None:
    assert worth_reporting(None, seen(), {})


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        (seen(), seen(), False),
        (seen(), seen(state="warn"), True),
        (seen(), seen(codes=("disk.full",)), True),
        (seen(lit=True), seen(lit=False), True),
        (seen(lit=None), seen(lit=True), True),
        (seen(n=1), seen(n=True), True),
        (seen(page="a"), seen(page="b"), True),
        (seen(n=1), seen(n=1.0), False),
        (seen(n=1), seen(), True),
        (seen(at=1), seen(at=2), False),
        (seen(state="unknown", why="port 1"), seen(state="unknown", why="port 2"), False),
        (seen(state="unknown", why="refused"), seen(state="unknown", why="no route"), True),
        (seen(why="a"), seen(why="b"), False),
    ],
)
def test_a_change_is_news(before: Observation, after: Observation, news: bool) -> None:  # noqa: FBT001
    assert worth_reporting(before, after, {}) is news


@given(NUMBERS, NUMBERS, st.floats(0, 500))
def test_a_number_is_news_only_beyond_its_dead_band(
    before: float, after: float, band: float
) -> None:
    news = worth_reporting(seen(n=before), seen(n=after), {"n": band})
    assert news is (abs(after - before) > band)


@given(NUMBERS | st.text(max_size=5) | st.none(), NUMBERS | st.text(max_size=5) | st.none())
def test_a_fact_without_end_of_band_is_never_news(before: Fact, after: Fact) -> None:
    assert not worth_reporting(seen(n=before), seen(n=after), {"n": math.inf})


@given(st.lists(st.floats(-2, 2), max_size=50))
def test_a_slow_drift_is_told_as_soon_as_it_adds_up(steps: list[float]) -> None:
    told = now = 0.0
    for step in steps:
        now += step
        if worth_reporting(seen(level=told), seen(level=now), {"level": 5.0}):
            told = now
        assert abs(now - told) <= 5.0
