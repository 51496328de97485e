"""What the office desires: the shape of it, what is signed, and the hours in which it may come."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import sayings
from wire.envelope import canonical, orders_message, parse
from wire.errors import MalformedMessage
from wire.wants import Want, Wants, Window, is_open, wants_message

DAY_MS = 86_400_000


def at(hour: int, minute: int = 0) -> int:
    """Office milliseconds of some day, UTC."""
    return 20_000 * DAY_MS + (hour * 60 + minute) * 60_000


@given(sayings.wants)
def test_wants_survive_the_journey_and_have_one_spelling(wants: Wants) -> None:
    text = canonical(wants)
    assert parse(text, Wants) == wants
    assert canonical(parse(text, Wants)) == text


@given(st.text(max_size=80))
def test_any_text_is_wants_or_malformed(text: str) -> None:
    with pytest.raises(MalformedMessage):
        parse(text, Wants)


@pytest.mark.parametrize(
    "change", [{"seq": 0}, {"attempt": 0}, {"bundle": "../layanan"}, {"windows": [{"since": 1}]}]
)
def test_a_want_that_makes_no_sense_is_none(change: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"bundle": "layanan", "seq": 1, "number": 1, **change}, Want)


def test_what_is_signed_as_wants_is_no_word_of_another_kind() -> None:
    assert wants_message("{}") != orders_message("{}")


@given(st.integers(0, 2**45), st.integers(-720, 840))
def test_without_windows_any_time_will_do(now: int, offset: int) -> None:
    assert is_open((), offset, now)


def test_a_window_holds_from_its_first_minute_until_before_its_last() -> None:
    night = Window(since=60, until=300)
    held = [hour for hour in range(24) if is_open([night], 0, at(hour))]
    assert held == [1, 2, 3, 4]
    assert is_open([night], 0, at(4, 59))


def test_a_window_may_lie_over_midnight() -> None:
    night = Window(since=22 * 60, until=5 * 60)
    assert [hour for hour in range(24) if is_open([night], 0, at(hour))] == [0, 1, 2, 3, 4, 22, 23]


def test_a_window_is_of_the_local_day() -> None:
    assert is_open([Window(since=60, until=120)], 420, at(18, 30))  # 01:30 in Bandung


@given(sayings.windows, st.integers(-720, 840), st.integers(0, 1439))
def test_a_window_and_its_complement_share_the_day(one: Window, offset: int, minute: int) -> None:
    other = Window(since=one.until, until=one.since)
    now = at(0, 0) + minute * 60_000
    both = [is_open([window], offset, now) for window in (one, other)]
    assert both == [True, True] if one.since == one.until else sorted(both) == [False, True]
