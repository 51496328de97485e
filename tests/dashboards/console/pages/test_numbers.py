"""Whole numbers in addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.words import BadQuestion
from dashboards.console.pages.numbers import whole


def test_nothing_is_the_default() -> None:
    assert whole(None, "page", 1) == whole("", "page", 1) == 1


@given(st.integers(0, 10**15 - 1))
def test_digits_are_a_number(value: int) -> None:
    assert whole(str(value), "page", 1) == value


@pytest.mark.parametrize("text", ["-1", "1.5", "x", "٣", "²", "1" * 16, " 1"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadQuestion):
        whole(text, "page", 1)
