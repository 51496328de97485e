"""Clocks in WIB and lengths of time in words."""

from hypothesis import given
from hypothesis import strategies as st

from dashboards.console import times
from dashboards.console.texts import load

ID, EN = load()["id"], load()["en"]
NOW = 1_795_316_400_000  # 22 November 2026, 10.00 WIB


def test_a_time_is_shown_in_jakarta_and_with_its_day_when_it_is_not_today() -> None:
    assert times.clock(NOW, NOW, ID) == "10.00 WIB"
    assert times.clock(NOW - 86_400_000, NOW, EN) == "21 Nov 10:00 WIB"
    assert times.clock(NOW - 400 * 86_400_000, NOW, ID) == "18 Okt 2025 10.00 WIB"


def test_lengths_have_their_one_or_two_largest_units() -> None:
    assert times.span(59, ID) == "59 dtk"
    assert times.span(95 * 60, ID) == "1 j 35 mnt"
    assert times.span(86_400 + 3_600, EN) == "1 d 1 h"
    assert times.span(86_400 * 12 + 3_600, EN) == "12 d"
    assert times.span(3_600, EN) == "1 h"


def test_a_moment_ago_is_just_now_also_when_clocks_differ() -> None:
    assert times.ago(NOW, NOW, ID) == "baru saja"
    assert times.ago(NOW + 60_000, NOW, ID) == "baru saja"
    assert times.ago(NOW - 60_000, NOW, EN) == "1 min ago"


@given(st.integers(-(2**53), 2**53), st.integers(0, 2**53))
def test_no_time_is_too_strange_to_be_shown(at: int, now: int) -> None:
    assert times.clock(at, now, ID)
    assert times.ago(at, now, EN)
    assert times.iso(at)
