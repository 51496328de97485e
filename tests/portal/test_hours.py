"""When the counter is open."""

from hypothesis import given
from hypothesis import strategies as st

from portal import hours
from tests.support.offered import MONDAY, NOW, catalogue
from wire.service.days import DAY_MS, Date
from wire.service.tenant import Holidays

HOUR = 3_600_000
OFFERED = catalogue()
TENANT, HOLIDAYS = OFFERED.tenant, OFFERED.holidays


def test_it_says_until_when_or_from_when() -> None:
    assert hours.now(TENANT, HOLIDAYS, MONDAY) == (True, MONDAY + 150 * 60_000)
    at_noon = MONDAY + 3 * HOUR  # 12.30
    assert hours.now(TENANT, HOLIDAYS, at_noon) == (False, MONDAY + 210 * 60_000)
    on_sunday = hours.now(TENANT, HOLIDAYS, NOW)
    assert on_sunday == (False, NOW + DAY_MS - 90 * 60_000)


def test_a_feast_day_has_no_hours() -> None:
    assert hours.of(TENANT, HOLIDAYS, Date(2026, 12, 25)) == ()
    assert len(hours.of(TENANT, HOLIDAYS, Date(2026, 12, 24))) == 2


def test_a_government_that_opens_never_says_so() -> None:
    every_day = tuple(f"2026-{month:02}-{day:02}" for month in (11, 12) for day in range(1, 31))
    closed = Holidays(days=every_day, known_until="2026-12-31")
    assert hours.now(TENANT, closed, MONDAY) == (False, 0)


def test_they_are_spoken_as_clocks_are_read_here() -> None:
    spans = hours.today(TENANT, HOLIDAYS, MONDAY)
    assert hours.spoken(spans, 420) == "08.00–12.00, 13.00–16.00"


@given(st.integers(min_value=1_700_000_000_000, max_value=1_900_000_000_000))
def test_what_it_says_lies_ahead_and_is_never_a_lie(moment: int) -> None:
    now = hours.now(TENANT, HOLIDAYS, moment)
    assert now.until > moment
    assert hours.now(TENANT, HOLIDAYS, now.until).is_open is not now.is_open
