"""Working days of a tenant: weekends and what it told the office of its holidays."""

from datetime import UTC, datetime

from controller.inbox.calendar import Calendar
from wire.service.tenant import Holidays

FRIDAY = int(datetime(2026, 11, 20, 3, tzinfo=UTC).timestamp() * 1000)  # 10.00 in Bandung
DAY = 86_400_000


def test_a_limit_skips_the_weekend_and_ends_with_its_last_day() -> None:
    due = Calendar().due(FRIDAY, 1)
    assert (
        datetime.fromtimestamp(due / 1000, tz=UTC).isoformat() == "2026-11-23T16:59:59.999000+00:00"
    )


def test_a_holiday_makes_it_longer() -> None:
    told = Calendar(Holidays(days=("2026-11-23",), known_until="2026-12-31"))
    assert told.due(FRIDAY, 1) == Calendar().due(FRIDAY, 1) + DAY


def test_what_is_left_is_counted_in_working_days() -> None:
    calendar = Calendar()
    due = calendar.due(FRIDAY, 2)
    left = [calendar.left(FRIDAY + days * DAY, due) for days in (0, 3, 4, 5)]
    assert left == [2, 1, 0, -1]
