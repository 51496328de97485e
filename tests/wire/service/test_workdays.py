"""Limits in working days, against the calendar of Python, day by day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.service import days, workdays
from wire.service.days import Date
from wire.service.tenant import Holidays
from wire.service.workdays import Calendar

BANDUNG = 420
FEASTS = Holidays(
    days=("2026-12-24", "2026-12-25", "2027-01-01", "2026-12-26"), known_until="2027-12-31"
)
NONE = Holidays(days=(), known_until="2027-12-31")
free_days = st.lists(st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 1)), max_size=12).map(
    lambda found: Holidays(days=tuple(map(str, found)), known_until="2026-12-31")
)
some_days = st.dates(dt.date(2025, 12, 20), dt.date(2026, 3, 10))


def at(text: str, hour: int = 0) -> int:
    return days.start(days.parse(text), BANDUNG) + hour * 3_600_000


def walked(first: dt.date, last: dt.date, holidays: Holidays) -> int:
    """Working days after the first, up to the last, by walking."""
    span = (first + dt.timedelta(n) for n in range(1, (last - first).days + 1))
    return sum(day.weekday() < 5 and str(day) not in holidays.days for day in span)


@given(some_days, st.integers(1, 40), free_days)
def test_the_last_day_works_and_has_exactly_so_many_before_it(
    first: dt.date, count: int, holidays: Holidays
) -> None:
    calendar = Calendar(holidays)
    last = calendar.after(days.parse(str(first)), count)
    assert calendar.works(last)
    assert walked(first, dt.date(*last), holidays) == count


@given(some_days, some_days, free_days)
def test_what_is_left_is_what_one_finds_by_walking(
    first: dt.date, last: dt.date, holidays: Holidays
) -> None:
    found = Calendar(holidays).between(Date(*first.timetuple()[:3]), Date(*last.timetuple()[:3]))
    assert found == (
        walked(first, last, holidays) if first <= last else -walked(last, first, holidays)
    )


@pytest.mark.parametrize(
    ("start", "limit", "last"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # a Friday
        ("2026-11-21", 1, "2026-11-23"),  # a Saturday
        ("2026-12-23", 1, "2026-12-28"),  # before a feast and its common leave
        ("2026-12-31", 3, "2027-01-06"),
        ("2026-11-20", 0, "2026-11-20"),  # the same day
        ("2026-11-21", 0, "2026-11-23"),  # which does not work
    ],
)
def test_a_limit_ends_with_the_end_of_its_last_working_day(
    start: str, limit: int, last: str
) -> None:
    for hour in (0, 9, 23):
        due = workdays.due(at(start, hour), limit, FEASTS, BANDUNG)
        assert due == at(last) + days.DAY_MS - 1


def test_the_day_is_that_of_the_tenant_and_not_of_greenwich() -> None:
    night = at("2026-11-23", 1)  # still Sunday in Greenwich
    assert workdays.due(night, 1, NONE, BANDUNG) == at("2026-11-24") + days.DAY_MS - 1
    assert workdays.due(night, 1, NONE, 0) == days.start(days.parse("2026-11-24"), 0) - 1


def test_left_is_nothing_on_the_last_day_and_negative_after_it() -> None:
    due = workdays.due(at("2026-11-20", 10), 2, NONE, BANDUNG)
    left = [
        workdays.left(at(day, 12), due, NONE, BANDUNG)
        for day in ("2026-11-20", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-26")
    ]
    assert left == [2, 2, 1, 0, -2]


def test_a_calendar_says_up_to_when_it_knows() -> None:
    calendar = Calendar(FEASTS)
    assert calendar.known(days.date(2027, 12, 31))
    assert not calendar.known(days.date(2028, 1, 1))


def test_a_holiday_that_is_no_day_is_refused_when_the_calendar_is_read() -> None:
    with pytest.raises(ValueError, match="no day"):
        Calendar(Holidays(days=("2026-02-30",), known_until="2026-12-31"))
