"""Rules that would keep an office busy for ever are refused; the usual ones are unfolded."""

import time

import pytest

from controller.services.said import Unreadable
from controller.visits import ics, rules
from tests.controller.visits.test_ics import NOW, calendar, event
from wire.service.tenant import Places, Tenant

ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:DAYLIGHT\r\nDTSTART:00010101T000000\r\nRRULE:{}\r\n"
    "TZOFFSETFROM:+0700\r\nTZOFFSETTO:+0800\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE"
)


@pytest.mark.parametrize(
    ("rule", "visits"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270101T000000Z", 9),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=3", 3),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1;INTERVAL=6", 2),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1;COUNT=4", 4),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28", 1),
        ("FREQ=YEARLY;COUNT=99999999", 1),
    ],
)
def test_what_calendars_usually_say_is_unfolded(
    tenant: Tenant, places: Places, rule: str, visits: int
) -> None:
    body = calendar(event(f"RRULE:{rule}", starts="20261208T010000Z"))
    assert abs(len(ics.read(body, tenant, places, NOW)) - visits) <= 1  # the first day counts too


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=2",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=WEEKLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=;BYDAY=MO",
    ],
)
def test_a_rule_that_may_never_come_true_is_refused_at_once(
    tenant: Tenant, places: Places, rule: str
) -> None:
    began = time.process_time()
    with pytest.raises(Unreadable):
        ics.read(calendar(event(f"RRULE:{rule}")), tenant, places, NOW)
    assert time.process_time() - began < 1


def test_what_began_long_ago_is_not_counted_up_to_today(tenant: Tenant, places: Places) -> None:
    for starts in ("00010101T010000Z", "19700101T010000Z"):
        with pytest.raises(Unreadable, match="UNTIL"):
            ics.read(calendar(event("RRULE:FREQ=DAILY", starts=starts)), tenant, places, NOW)


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY", "FREQ=YEARLY;INTERVAL=0"])
def test_a_zone_of_its_own_changes_once_a_year_at_most(rule: str) -> None:
    body = calendar(ZONE.format(rule), event())
    assert not rules.zones_are_plain(body)
    assert not rules.zones_are_plain(body.replace(b"FREQ", b"FR\r\n EQ"))
    assert rules.zones_are_plain(calendar(ZONE.format("FREQ=YEARLY;BYMONTH=3"), event()))
