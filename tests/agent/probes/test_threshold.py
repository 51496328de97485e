"""Limits that do not chatter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.threshold import Threshold


def test_a_value_between_the_two_limits_stays_what_it_was() -> None:
    limit = Threshold(90, 80)
    assert [limit.over(v) for v in (85, 90, 85, 80, 79, 85)] == [
        False, True, True, True, False, False,
    ]  # fmt: skip


def test_a_value_that_is_not_known_changes_nothing() -> None:
    limit = Threshold(90, 80)
    assert [limit.over(v) for v in (None, 95, None)] == [False, True, True]


def test_a_limit_that_could_not_be_left_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be left"):
        Threshold(80, 90)


@given(st.lists(st.floats(0, 100)))
def test_it_is_always_over_at_the_upper_and_never_below_the_lower_limit(
    values: list[float],
) -> None:
    limit = Threshold(60, 40)
    for value in values:
        over = limit.over(value)
        assert over or value < 60
        assert not over or value >= 40
