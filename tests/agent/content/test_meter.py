"""Budgets and quiet hours of the people where the kiosk stands."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.content.meter import Meter, hours
from agent.content.trouble import BUDGET, NotNow

HERE = timezone(timedelta(minutes=420))


class Clock:
    def __init__(self, text: str) -> None:
        self.set(text)

    def set(self, text: str) -> None:
        self.ms = int(datetime.fromisoformat(text).replace(tzinfo=HERE).timestamp() * 1000)

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock("2026-11-22 15:30:20")


def meter(folder: Path, clock: Clock, **limits: Any) -> Meter:
    return Meter(folder / "meter.json", now=clock, **limits)


def test_without_limits_everything_is_allowed(tmp_path: Path, clock: Clock) -> None:
    books = meter(tmp_path, clock)
    books.count(10**12)
    books.allow()
    assert books.left() is None


def test_the_budget_of_a_day_ends_and_begins_anew_at_midnight(tmp_path: Path, clock: Clock) -> None:
    books = meter(tmp_path, clock, day_bytes=1000)
    books.count(600)
    assert books.left() == 400
    books.allow()
    books.count(600)
    with pytest.raises(NotNow) as caught:
        books.allow()
    assert caught.value.again_s == 8 * 3600 + 29 * 60 + 40
    assert caught.value.fault == BUDGET
    clock.set("2026-11-23 00:00:00")
    books.allow()
    assert books.left() == 1000


def test_the_budget_of_a_month_lasts_over_its_days(tmp_path: Path, clock: Clock) -> None:
    books = meter(tmp_path, clock, month_bytes=1000)
    books.count(1000)
    clock.set("2026-11-30 23:59:00")
    with pytest.raises(NotNow) as caught:
        books.allow()
    assert caught.value.again_s == 60
    clock.set("2026-12-01 00:00:00")
    books.allow()


def test_a_turn_of_the_year_is_a_turn_of_the_month(tmp_path: Path) -> None:
    clock = Clock("2026-12-31 23:59:59")
    books = meter(tmp_path, clock, month_bytes=10)
    books.count(10)
    with pytest.raises(NotNow) as caught:
        books.allow()
    assert caught.value.again_s == 1


@pytest.mark.parametrize("wrong", ["1970-01-01 00:00:10", "2099-05-05 12:00:00"])
def test_a_clock_that_is_wrong_for_a_while_gives_no_second_budget(
    tmp_path: Path, clock: Clock, wrong: str
) -> None:
    limits = {"day_bytes": 10, "month_bytes": 100}
    meter(tmp_path, clock, **limits).count(10)
    books = meter(tmp_path, clock, **limits)
    books.count(100)
    books.save()
    clock.set(wrong)  # as after a start without a battery
    books = meter(tmp_path, clock, **limits)
    books.allow()
    books.count(5)
    books.save()
    clock.set("2026-11-22 15:31:00")
    with pytest.raises(NotNow, match="month"):
        meter(tmp_path, clock, **limits).allow()


def test_only_the_pages_that_were_written_on_last_are_kept(tmp_path: Path, clock: Clock) -> None:
    books = meter(tmp_path, clock, day_bytes=10)
    for year in range(2000, 2090):
        clock.set(f"{year}-01-01 00:00:00")
        books.count(1)
    books.save()
    assert len((tmp_path / "meter.json").read_text()) < 40 * 20


def test_a_time_that_no_calendar_knows_is_a_late_one(tmp_path: Path) -> None:
    Meter(tmp_path / "meter.json", now=lambda: 2**53, day_bytes=10, quiet=("07:00-08:00",)).count(1)


def test_the_books_outlive_the_process(tmp_path: Path, clock: Clock) -> None:
    books = meter(tmp_path, clock, day_bytes=1000)
    books.count(900)
    books.save()
    assert meter(tmp_path, clock, day_bytes=1000).left() == 100


def test_much_is_written_down_at_once(tmp_path: Path, clock: Clock) -> None:
    meter(tmp_path, clock).count(10**6)
    assert meter(tmp_path, clock, day_bytes=10**6 + 1).left() == 1


@pytest.mark.parametrize("wreck", [b"", b"\0" * 40, b'{"day_bytes":"x"}'])
def test_books_that_cannot_be_read_begin_anew(tmp_path: Path, clock: Clock, wreck: bytes) -> None:
    (tmp_path / "meter.json").write_bytes(wreck)
    assert meter(tmp_path, clock, day_bytes=5).left() == 5


def test_a_disk_that_refuses_does_not_stop_the_fetching(tmp_path: Path, clock: Clock) -> None:
    books = meter(tmp_path / "gone", clock, day_bytes=10**7)
    books.count(10**6)
    books.save()
    assert books.left() == 9 * 10**6


@pytest.mark.parametrize(
    ("quiet", "again_s"),
    [(("15:00-16:00",), 29 * 60 + 40), (("22:00-16:00",), 29 * 60 + 40), (("00:00-00:00",), 86400)],
)
def test_quiet_hours_say_when_they_end(
    tmp_path: Path, clock: Clock, quiet: tuple[str, ...], again_s: float
) -> None:
    with pytest.raises(NotNow) as caught:
        meter(tmp_path, clock, quiet=quiet).allow()
    assert caught.value.again_s == again_s


@pytest.mark.parametrize("quiet", [("07:00-15:30",), ("16:00-07:00",), ()])
def test_outside_of_quiet_hours_it_is_allowed(
    tmp_path: Path, clock: Clock, quiet: tuple[str, ...]
) -> None:
    meter(tmp_path, clock, quiet=quiet).allow()


@pytest.mark.parametrize("text", ["", "7:00-16:00", "24:00-01:00", "07:60-08:00", "07:00 - 16:00"])
def test_hours_that_are_none_are_said_to_whoever_wrote_them(text: str) -> None:
    with pytest.raises(ValueError, match="07:00-16:00"):
        hours(text)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)), st.integers(-720, 840))  # noqa: DTZ001
def test_whoever_waits_as_long_as_it_says_may_go_on(moment: datetime, offset_min: int) -> None:
    now = [int(moment.replace(tzinfo=UTC).timestamp() * 1000)]
    books = Meter(
        Path("/nonexistent/meter.json"),
        now=lambda: now[0],
        day_bytes=10,
        quiet=("06:00-18:00",),
        offset_min=offset_min,
    )
    books.count(10)
    waits = 0
    while (wait := asked(books)) and waits < 3:
        assert 0 < wait <= 86_400
        now[0] += int(wait * 1000) + 1000
        waits += 1
    assert asked(books) == 0


def asked(books: Meter) -> float:
    """How long to wait, 0 when it is allowed."""
    try:
        books.allow()
    except NotNow as wait:
        return wait.again_s or -1
    return 0
