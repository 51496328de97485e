"""The calendar from other programs: unfolded within a year, and never for ever."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.services.said import Unreadable
from controller.visits import ics
from wire.service.tenant import Places, Tenant

NOW = int(datetime(2026, 11, 22, 3, tzinfo=UTC).timestamp() * 1000)
WHERE = "LOCATION:Aula Kelurahan Dago\\, Kec. Coblong"


def event(*lines: str, starts: str = "20261201T010000Z", uid: str = "jb-1@contoh") -> str:
    usual = [f"UID:{uid}", f"DTSTART:{starts}", "SUMMARY:Perekaman KTP-el"]
    if not any(line.startswith(("DURATION", "DTEND")) for line in lines):
        usual.append(f"DTEND:{starts.replace('T01', 'T05')}")
    if not any(line.startswith("LOCATION") for line in lines):
        usual.append(WHERE)
    return "\r\n".join(["BEGIN:VEVENT", "DTSTAMP:20261101T000000Z", *usual, *lines, "END:VEVENT"])


def calendar(*events: str) -> bytes:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//contoh//id")
    return "\r\n".join([*head, *events, "END:VCALENDAR", ""]).encode()


def refusal(body: bytes, tenant: Tenant, places: Places) -> str:
    with pytest.raises(Unreadable) as refused:
        ics.read(body, tenant, places, NOW)
    return " ".join(f"{one.where}: {one.id}" for one in refused.value.complaints)


def test_an_event_is_a_visit(tenant: Tenant, places: Places) -> None:
    (visit,) = ics.read(calendar(event("CATEGORIES:KTP-el,KK", "DESCRIPTION:Bawa KK")), tenant,
                        places, NOW)  # fmt: skip
    assert visit.starts == int(datetime(2026, 12, 1, 1, tzinfo=UTC).timestamp() * 1000)
    assert visit.ends - visit.starts == 4 * 3_600_000
    assert (visit.district, visit.services) == ("32.73.02", ("KTP-el", "KK"))
    assert (visit.place, visit.note) == ("Aula Kelurahan Dago, Kec. Coblong", "Bawa KK")
    assert visit.uid == "jb-1@contoh/20261201T0100Z"


def test_without_categories_the_summary_is_the_service(tenant: Tenant, places: Places) -> None:
    (visit,) = ics.read(calendar(event()), tenant, places, NOW)
    assert visit.services == ("Perekaman KTP-el",)


def test_an_hour_without_a_zone_is_the_tenants(tenant: Tenant, places: Places) -> None:
    (visit,) = ics.read(calendar(event(starts="20261201T010000")), tenant, places, NOW)
    assert visit.starts == int(datetime(2026, 11, 30, 18, tzinfo=UTC).timestamp() * 1000)


def test_a_weekly_rule_without_an_end_gives_a_year(tenant: Tenant, places: Places) -> None:
    found = ics.read(calendar(event("RRULE:FREQ=WEEKLY")), tenant, places, NOW)
    assert 50 <= len(found) <= 53
    assert len({one.uid for one in found}) == len(found)


def test_what_was_called_off_is_kept_as_such(tenant: Tenant, places: Places) -> None:
    (visit,) = ics.read(calendar(event("STATUS:CANCELLED")), tenant, places, NOW)
    assert visit.cancelled


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=YEARLY;BYSECOND=1,2,3,4,5",
    ],
)
def test_a_rule_that_comes_too_often_is_refused_before_it_is_unfolded(
    tenant: Tenant, places: Places, rule: str
) -> None:
    assert "lebih sering dari tiap hari" in refusal(
        calendar(event(f"RRULE:{rule}")), tenant, places
    )


def test_many_rules_together_are_refused(tenant: Tenant, places: Places) -> None:
    daily = [event("RRULE:FREQ=DAILY", uid=f"jb-{n}@contoh") for n in range(4)]
    assert "Lebih dari 1000" in refusal(calendar(*daily), tenant, places)


def test_too_many_events_are_refused(tenant: Tenant, places: Places) -> None:
    many = [event(uid=f"{n}@contoh") for n in range(501)]
    assert "501 acara" in refusal(calendar(*many), tenant, places)


@pytest.mark.parametrize("where", ["LOCATION:Bandung", "LOCATION:"])
def test_a_place_nobody_knows_is_told_with_its_event(
    tenant: Tenant, places: Places, where: str
) -> None:
    told = refusal(calendar(event(where)), tenant, places)
    assert "Perekaman KTP-el: LOCATION harus menyebut satu kecamatan" in told


@pytest.mark.parametrize("end", ["DTEND;VALUE=DATE:20261202", "DURATION:P1D"])
def test_a_day_without_hours_is_open_from_morning_to_afternoon(
    tenant: Tenant, places: Places, end: str
) -> None:
    day = event(end).replace("DTSTART:20261201T010000Z", "DTSTART;VALUE=DATE:20261201")
    (visit,) = ics.read(calendar(day), tenant, places, NOW)
    assert visit.starts == int(datetime(2026, 12, 1, 1, tzinfo=UTC).timestamp() * 1000)
    assert visit.ends - visit.starts == 7 * 3_600_000


def test_days_on_end_are_no_visit(tenant: Tenant, places: Places) -> None:
    assert "paling lama sehari" in refusal(calendar(event("DURATION:P3D")), tenant, places)


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"BEGIN:VCALENDAR", b"\xff\xfe", b"BEGIN:VEVENT\r\nEND:VEVENT", b"x" * 300_000],
)
def test_what_is_no_calendar_says_so(tenant: Tenant, places: Places, body: bytes) -> None:
    assert refusal(body, tenant, places)


def test_a_calendar_of_the_past_says_so(tenant: Tenant, places: Places) -> None:
    assert "mulai hari ini" in refusal(calendar(event(starts="20250101T010000Z")), tenant, places)


WORDS = st.sampled_from(
    ["RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=", "RDATE:2026", "EXDATE:x", "DTSTART:x", "UID:", ":",
     "DTEND;TZID=Nowhere/City:20261201T050000", "RECURRENCE-ID:20261201T010000Z", "DURATION:-P1D",
     "BEGIN:VALARM", "LOCATION:Coblong", "\x00", "STATUS:CANCELLED", "RRULE:FREQ=YEARLY;BYDAY=99XX"]
)  # fmt: skip


@given(lines=st.lists(WORDS, max_size=5))
def test_any_event_is_taken_or_told(tenant: Tenant, places: Places, lines: list[str]) -> None:
    try:
        found = ics.read(calendar(event(*lines)), tenant, places, NOW)
    except Unreadable as refused:
        told = [one.id and one.en for one in refused.complaints]
    else:
        told = []
        assert all(one.starts < one.ends for one in found)
    assert all(told)
