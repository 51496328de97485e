"""A job with a window, and kiosks that are away in their turn: never outside, in the next one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from controller.jobs.plan import Plan, Window
from tests.support.office import START
from tests.support.taker import HOUR_MS
from tests.support.town import Town

DAY_MS = 24 * HOUR_MS
# One night has its clocks put forward in Berlin, one put back; Jakarta has none such.
NIGHTS = [
    ("Asia/Jakarta", "2026-09-22"),
    ("Europe/Berlin", "2027-03-28"),
    ("Europe/Berlin", "2026-10-25"),
]


def at(text: str, zone: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def asked(town: Town, zone: str, day: str) -> int:
    """At eight in the evening before, for each night from one to five."""
    night = Plan(window=Window("0 1 * * *", 240, zone))
    town.office.now = at(f"{day}T01:00", zone) - 5 * HOUR_MS
    turn = at(f"{day}T01:00", zone)
    now = town.office.now
    return town.bureau.ask("kiosk-1", spread=night, now=now, after=turn, lasts_ms=3 * DAY_MS)


def moves_to(town: Town, moment: int) -> None:
    """There, with a look now and then on the way."""
    while town.office.now < moment:
        town.passes(min(6 * HOUR_MS, moment - town.office.now))
        town.looks()


@pytest.mark.parametrize(("zone", "day"), NIGHTS)
def test_whoever_returns_at_noon_has_its_turn_in_the_next_night(
    database: str, zone: str, day: str
) -> None:
    town = Town(database, "kiosk-1")
    asked(town, zone, day)
    moves_to(town, at(f"{day}T12:00", zone))
    town.comes("kiosk-1")
    assert town["kiosk-1"].told[-1].open == ()
    next_night = at(f"{day}T01:00", zone) + 23 * HOUR_MS
    moves_to(town, next_night - HOUR_MS)
    assert town.bureau.states() == ["queued"]
    (row,) = town.bureau.rows()
    opens = datetime.fromtimestamp(row.due / 1000, ZoneInfo(zone))
    assert (opens.hour, opens.minute) == (1, 0)
    assert 0 < (opens.date() - datetime.fromisoformat(day).date()).days == 1
    moves_to(town, row.due)
    assert town.bureau.states() == ["succeeded"]


@pytest.mark.parametrize(("zone", "day"), NIGHTS)
def test_whoever_returns_in_the_same_night_is_told_at_once(
    database: str, zone: str, day: str
) -> None:
    town = Town(database, "kiosk-1")
    asked(town, zone, day)
    moves_to(town, at(f"{day}T01:00", zone) + 4 * HOUR_MS - 1)
    town.comes("kiosk-1")
    assert town.bureau.states() == ["succeeded"]


def test_what_was_sent_into_a_dead_line_is_not_said_again_by_day(database: str) -> None:
    """The broker notices late that a kiosk was switched off: the office had told it already."""
    town = Town(database, "kiosk-1")
    asked(town, "Asia/Jakarta", "2026-09-22")
    town.comes("kiosk-1")
    town.passes(5 * HOUR_MS)
    assert town.looks(lost=True) == 1
    assert town.bureau.states() == ["sent"]
    town.passes(11 * HOUR_MS)
    town.comes("kiosk-1")
    town.bureau.ask("kiosk-1", now=town.office.now)  # meanwhile another, with a higher number
    town.looks()
    assert town.bureau.states() == ["sent", "succeeded"]
    assert town.looks() == 0
    moves_to(town, at("2026-09-23T01:00", "Asia/Jakarta"))
    assert town.bureau.states() == ["succeeded", "succeeded"]
    assert sorted(town["kiosk-1"].effects.values()) == [1, 1]


def test_what_was_taken_by_night_is_asked_after_by_day(database: str) -> None:
    town = Town(database, "kiosk-1")
    town["kiosk-1"].slow = True
    asked(town, "Asia/Jakarta", "2026-09-22")
    town.comes("kiosk-1")
    moves_to(town, at("2026-09-22T05:00", "Asia/Jakarta"))
    town.comes("kiosk-1")
    assert len(town["kiosk-1"].told[-1].open) == 1
    town.hears("kiosk-1", town["kiosk-1"].finish())
    assert town.bureau.states() == ["succeeded"]


def test_an_office_that_was_away_all_night_waits_for_the_next(database: str) -> None:
    town = Town(database, "kiosk-1")
    asked(town, "Asia/Jakarta", "2026-09-22")
    town.comes("kiosk-1")
    town.passes(16 * HOUR_MS)
    assert town.looks() == 0
    assert town.bureau.rows()[0].due == at("2026-09-23T01:00", "Asia/Jakarta")


def test_when_no_night_comes_any_more_it_expires(database: str) -> None:
    town = Town(database, "kiosk-1")
    night = Plan(window=Window("0 22 * * *", 60))
    turn = at("2026-09-21T22:00", "Asia/Jakarta")
    town.bureau.ask("kiosk-1", spread=night, after=turn, lasts_ms=20 * HOUR_MS)
    moves_to(town, START + 12 * HOUR_MS)
    town.comes("kiosk-1")
    assert town.bureau.rows()[0].due == START + 20 * HOUR_MS + 1
    moves_to(town, START + 21 * HOUR_MS)
    assert town.bureau.states() == ["overdue"]
    assert town["kiosk-1"].effects == {}


def test_a_wish_to_cancel_does_not_wait_for_the_night(database: str) -> None:
    town = Town(database, "kiosk-1")
    job = asked(town, "Asia/Jakarta", "2026-09-22")
    town.comes("kiosk-1")
    town.passes(5 * HOUR_MS)
    town.looks(lost=True)
    town.passes(11 * HOUR_MS)
    assert town.looks() == 0
    town.cancels(job)
    town.looks()
    assert town.bureau.states() == ["cancelled"]
    assert town["kiosk-1"].effects == {}


def test_many_who_missed_their_turn_do_not_all_go_when_it_opens(database: str) -> None:
    names = [f"kiosk-{number}" for number in range(20)]
    town = Town(database, *names)
    plan = Plan(rate_per_min=1, window=Window("0 1 * * *", 60))
    turn = at("2026-09-22T01:00", "Asia/Jakarta")
    town.bureau.ask(*names, spread=plan, after=turn, lasts_ms=2 * DAY_MS)
    moves_to(town, START + 16 * HOUR_MS)
    town.comes(*names)
    due = [row.due - turn - DAY_MS for row in town.bureau.rows()]
    assert all(0 <= one < HOUR_MS for one in due)
    assert len(set(due)) > 15
