"""Civil days are those of the calendar everybody has: asked of Python's own."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.service import days
from wire.service.days import Date

dates = st.dates()
offsets = st.integers(-720, 840)


def ours(day: dt.date) -> Date:
    return Date(day.year, day.month, day.day)


@given(dates)
def test_ordinal_weekday_and_iso_are_those_of_python(day: dt.date) -> None:
    assert days.ordinal(ours(day)) == day.toordinal()
    assert days.from_ordinal(day.toordinal()) == ours(day)
    assert days.weekday(ours(day)) == day.weekday()
    assert days.iso(ours(day)) == day.isoformat()
    assert days.parse(day.isoformat()) == ours(day)


def test_every_day_of_four_hundred_years_follows_the_one_before() -> None:
    day = days.date(1800, 1, 1)
    for number in range(days.ordinal(day), days.ordinal(day) + 146_097, 13):
        assert days.ordinal(days.from_ordinal(number)) == number
    assert days.from_ordinal(days.ordinal(day) + 146_097) == (2200, 1, 1)


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1)), offsets)  # noqa: DTZ001 - UTC is put in below
def test_a_moment_falls_on_the_day_that_python_says(moment: dt.datetime, east: int) -> None:
    utc = moment.replace(tzinfo=dt.UTC, microsecond=0)
    local = utc.astimezone(dt.timezone(dt.timedelta(minutes=east)))
    millis = int(utc.timestamp()) * 1000
    assert days.from_millis(millis, east) == ours(local.date())
    assert days.clock(millis, east) == local.strftime("%H:%M")
    midnight = days.start(ours(local.date()), east)
    assert midnight <= millis < midnight + days.DAY_MS


@given(st.integers(-5, 11_000), st.integers(-5, 20), st.integers(-5, 40))
def test_a_day_that_python_refuses_is_refused(year: int, month: int, day: int) -> None:
    try:
        expected = ours(dt.date(year, month, day))
    except ValueError:
        with pytest.raises(ValueError, match="no day"):
            days.date(year, month, day)
    else:
        assert days.date(year, month, day) == expected


@given(st.text(max_size=12))
def test_parsing_anything_gives_a_day_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert days.iso(days.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "2026-1-1", "2026-02-29", "20260101", "2026-01-01 ", "2026-01-01\n", "٢٠٢٦-٠١-٠١"]
)
def test_only_one_way_of_writing_is_a_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|date"):
        days.parse(text)


@pytest.mark.parametrize("number", [0, -1, 3_652_060])
def test_outside_the_calendar_there_is_no_day(number: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        days.from_ordinal(number)


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        ("1990-10-20", "2026-10-19", 35),
        ("1990-10-20", "2026-10-20", 36),
        ("2008-02-29", "2025-02-28", 16),
        ("2008-02-29", "2025-03-01", 17),
        ("2027-01-01", "2026-12-31", -1),
    ],
)
def test_an_age_is_counted_in_whole_years(born: str, today: str, years: int) -> None:
    assert days.age(days.parse(born), days.parse(today)) == years


def test_a_date_is_spelled_in_three_languages_and_else_in_indonesian() -> None:
    day = days.date(2026, 8, 17)
    spelled = [days.spelled(day, language) for language in ("id", "su", "en", "nl")]
    assert spelled == ["17 Agustus 2026", "17 Agustus 2026", "17 August 2026", "17 Agustus 2026"]


def test_days_are_added_over_the_end_of_a_year() -> None:
    assert days.plus(days.date(2026, 12, 31), 1) == (2027, 1, 1)
    assert days.plus(days.date(2028, 3, 1), -1) == (2028, 2, 29)
