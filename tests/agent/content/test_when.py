"""When a release may be switched to."""

from hypothesis import given
from hypothesis import strategies as st

from agent.content.when import MOST_S, UNKNOWN_S, wait_s
from wire.wants import Want, Window, is_open

NOON = 43_200_000  # UTC
HOUR = 3_600_000


def want(*windows: Window, not_before: int = 0, offset_min: int = 0) -> Want:
    return Want(
        bundle="layanan",
        seq=1,
        number=1,
        not_before=not_before,
        windows=windows,
        offset_min=offset_min,
    )


def test_without_any_condition_it_may_be_at_once() -> None:
    assert wait_s(want(), NOON) == 0
    assert wait_s(want(), None) == 0


def test_a_moment_is_waited_for() -> None:
    assert wait_s(want(not_before=NOON + HOUR), NOON) == 3600


def test_a_window_over_midnight_opens_in_the_evening() -> None:
    night = Window(since=22 * 60, until=4 * 60)
    assert wait_s(want(night), NOON) == 10 * 3600
    assert wait_s(want(night), NOON + 11 * HOUR) == 0


def test_the_local_day_counts() -> None:
    night = Window(since=19 * 60, until=20 * 60)
    assert wait_s(want(night, offset_min=420), NOON) == 0


def test_a_moment_after_the_window_waits_for_the_next_one() -> None:
    window = Window(since=12 * 60, until=13 * 60)
    assert wait_s(want(window, not_before=NOON + 2 * HOUR), NOON) == 24 * 3600


def test_who_does_not_know_the_time_opens_no_window() -> None:
    assert wait_s(want(Window(since=0, until=0)), None) == UNKNOWN_S
    assert wait_s(want(not_before=5), None) == UNKNOWN_S


minutes = st.integers(min_value=0, max_value=1439)


@given(
    windows=st.lists(st.builds(Window, since=minutes, until=minutes), max_size=4),
    now=st.integers(min_value=0, max_value=2**45),
    offset=st.integers(min_value=-720, max_value=840),
)
def test_after_the_wait_a_window_is_open(windows: list[Window], now: int, offset: int) -> None:
    found = wait_s(want(*windows, offset_min=offset), now)
    assert 0 <= found <= MOST_S
    assert is_open(windows, offset, now + int(found * 1000))
