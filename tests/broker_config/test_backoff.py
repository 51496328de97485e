"""Waiting before a restart grows with deaths in a row, is bounded, and is forgiven."""

from hypothesis import given
from hypothesis import strategies as some

from broker_config.backoff import Backoff


def test_doubles_up_to_the_most() -> None:
    backoff = Backoff(first_s=0.5, most_s=3)
    assert [backoff.after(1) for _ in range(5)] == [0.5, 1, 2, 3, 3]


def test_a_calm_life_forgives_everything() -> None:
    backoff = Backoff(first_s=0.5, calm_s=60)
    for _ in range(5):
        backoff.after(1)
    assert backoff.after(60) == 0.5


@given(some.lists(some.floats(min_value=0, max_value=1e9), min_size=1, max_size=200))
def test_never_waits_less_than_the_first_or_more_than_the_most(lives: list[float]) -> None:
    backoff = Backoff(first_s=0.5, most_s=30)
    assert all(0.5 <= backoff.after(lived) <= 30 for lived in lives)
