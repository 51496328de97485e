"""Coming back without a stampede."""

import random

from hypothesis import given
from hypothesis import strategies as st

from agent.backoff import STEP_BACK_S, Backoff


def backoff(seed: int = 1) -> Backoff:
    return Backoff(random.Random(seed), 1.0, 120.0)


@given(st.integers(0, 1000), st.lists(st.none() | st.floats(0, 1e6), max_size=30))
def test_a_delay_is_never_below_the_least_nor_above_the_most(
    seed: int, lives: list[float | None]
) -> None:
    one = backoff(seed)
    for lived_s in lives:
        delay = one.after(lived_s)
        low, high = STEP_BACK_S if one.stepping_back else (1.0, 120.0)
        assert low <= delay <= high


def test_five_hundred_kiosks_do_not_come_back_in_step() -> None:
    seconds = [int(10 * backoff(seed).after(3600.0)) for seed in range(500)]
    assert max(seconds.count(tenth) for tenth in set(seconds)) < 60


def test_a_broker_that_stays_away_is_asked_ever_more_rarely() -> None:
    def mean(attempts: int) -> float:
        total = 0.0
        for seed in range(200):
            one = backoff(seed)
            total += [one.after(None) for _ in range(attempts)][-1]
        return total / 200

    assert mean(1) < 6 < mean(3) < mean(8) < 70


def test_a_connection_that_held_clears_what_was_before() -> None:
    one = backoff()
    for _ in range(10):
        one.after(None)
    assert one.after(61.0) <= 3.0


def test_being_taken_over_or_thrown_out_again_and_again_steps_back_for_minutes() -> None:
    assert backoff().after(5.0, taken_over=True) >= 60
    one = backoff()
    delays = [one.after(1.0) for _ in range(4)]
    assert delays[2] < 120
    assert delays[3] >= 60
    assert one.stepping_back
    one.after(600.0)
    assert not one.stepping_back
