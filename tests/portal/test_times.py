"""Moments in words."""

import pytest

from portal.times import Times
from tests.support.offered import MONDAY, PRESS
from wire.service.days import DAY_MS


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("id", "Senin, 23 November 2026"),
        ("su", "Senén, 23 Nopémber 2026"),
        ("en", "Monday, 23 November 2026"),
    ],
)
def test_a_day_is_said_in_three_languages(language: str, day: str) -> None:
    assert Times(PRESS.texts(language), MONDAY, 420).day(MONDAY) == day


def test_today_needs_only_the_clock() -> None:
    times = Times(PRESS.texts("id"), MONDAY, 420)
    assert times.today == "2026-11-23"
    assert times.near(MONDAY) == "09.30"
    assert times.near(MONDAY + DAY_MS) == "Selasa 24/11, 09.30"
