"""The calendar of the mobile counter as other programs write it: iCalendar (.ics).

Owns what is understood of an event: when, where (LOCATION must name a kecamatan, and may name a
village), which services (CATEGORIES, else the summary), and that it was cancelled. What comes again
is unfolded within a year and no further (rules.py): a rule without an end, or one that comes every
minute, is no work for an office. All or none, like the workbook.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from typing import Any, Final

import recurring_ical_events
from icalendar import Calendar
from icalendar.error import BrokenCalendarProperty

from controller.services.said import MOST, Complaint, Unreadable, unreadable
from controller.visits import named, rules
from wire.citizen import Visit
from wire.service import text
from wire.service.tenant import Places, Tenant

MOST_BYTES: Final = 256 * 1024
MOST_EVENTS: Final = 500  # as they stand in the file
MOST_VISITS: Final = 1_000  # as they are once unfolded
HALF_DAY: Final = timedelta(hours=4)
WHOLE_DAY: Final = timedelta(hours=7)  # of an event that says no hours: 8 to 15
AHEAD: Final = timedelta(days=366)
# What the two libraries raise at a file that is none, or that contradicts itself.
_BROKEN: Final = (ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError,
                  OverflowError, BrokenCalendarProperty)  # fmt: skip


def read(body: bytes, tenant: Tenant, places: Places, now: int) -> tuple[Visit, ...]:
    """Visits from the day of `now` (ms) on, for a year. Raises Unreadable."""
    try:
        return _read(body, tenant, places, now)
    except Unreadable:
        raise
    except _BROKEN as error:
        raise unreadable(
            "Berkas ini tidak dapat dibaca sebagai kalender (.ics). Ekspor ulang dari aplikasinya.",
            "This file cannot be read as a calendar (.ics). Export it again from its program.",
        ) from error


def _read(body: bytes, tenant: Tenant, places: Places, now: int) -> tuple[Visit, ...]:
    calendar = _parsed(body)
    zone = timezone(timedelta(minutes=tenant.utc_offset_min))
    today = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone).replace(hour=0, minute=0)
    _weigh(list(calendar.walk("VEVENT")), today)
    wrong: list[Complaint] = []
    found: dict[str, Visit] = {}
    for event in _unfolded(calendar, today):
        try:
            visit = _visit(event, places, zone)
        except _Wrong as error:
            wrong.append(Complaint(text.line(str(event.get("SUMMARY", "")))[:80], *error.args))
            continue
        found[visit.uid] = visit
    if wrong:
        raise Unreadable(*dict.fromkeys(wrong[:MOST]))
    if not found:
        raise unreadable(
            "Berkas ini tidak berisi jadwal mulai hari ini.",
            "This file holds no visits from today on.",
        )
    return tuple(found.values())


class _Wrong(ValueError):  # noqa: N818 - one event that cannot be taken
    pass


def _parsed(body: bytes) -> Calendar:
    if len(body) > MOST_BYTES:
        raise unreadable(
            f"Berkas ini lebih besar dari {MOST_BYTES // 1024} kB.",
            f"This file is larger than {MOST_BYTES // 1024} kB.",
        )
    if not rules.zones_are_plain(body):
        raise _refused_rule("VTIMEZONE")
    return Calendar.from_ical(body)


def _weigh(events: list[Any], today: datetime) -> None:
    """Before anything is unfolded; what would go on for ever ends within the year."""
    if len(events) > MOST_EVENTS:
        raise unreadable(
            f"Berkas ini berisi {len(events)} acara; paling banyak {MOST_EVENTS}.",
            f"This file holds {len(events)} events; at most {MOST_EVENTS}.",
        )
    for event in events:
        name = text.line(str(event.get("SUMMARY", "")))[:80]
        if rules.too_often(event):
            raise unreadable(
                "Ada acara yang berulang lebih sering dari tiap hari. Tulis harinya satu per satu.",
                "An event comes more often than daily. Write its days one by one.",
                name,
            )
        if rules.endless(event, today):
            raise _refused_rule(name)
        rules.bound(event, today + AHEAD)


def _refused_rule(where: str) -> Unreadable:
    return unreadable(
        "Pengulangan ini terlalu rumit atau dimulai terlalu lama. Mulai dari tahun ini, dan pakai "
        "tanggal akhir (UNTIL), bukan jumlah.",
        "This comes again by too intricate a rule, or began too long ago. Begin it this year, and "
        "end it by a date (UNTIL), not by a count.",
        where,
    )


def _unfolded(calendar: Calendar, today: datetime) -> Iterator[Any]:
    query = recurring_ical_events.of(calendar, components=["VEVENT"])
    until = today + AHEAD
    for n, event in enumerate(islice(query.after(today), MOST_VISITS + 1)):
        if rules.moment(event["DTSTART"].dt, today.tzinfo) >= until:
            return
        if n == MOST_VISITS:
            raise unreadable(
                f"Lebih dari {MOST_VISITS} jadwal dalam setahun.",
                f"More than {MOST_VISITS} visits within a year.",
            )
        yield event


def _visit(event: Any, places: Places, zone: timezone) -> Visit:
    location = text.line(str(event.get("LOCATION", "")))
    where = named.find(places, location)
    if where is None:
        raise _Wrong(
            "LOCATION harus menyebut satu kecamatan, misalnya: Aula Kelurahan Dago, Kec. Coblong.",
            "LOCATION must name one kecamatan, such as: Aula Kelurahan Dago, Kec. Coblong.",
        )
    begins, ends = _hours(event, zone)
    if not begins < ends <= begins + timedelta(days=1):
        raise _Wrong("Satu jadwal paling lama sehari.", "One visit takes at most a day.")
    return Visit(
        uid=f"{text.line(str(event.get('UID', '')))[:90]}/{begins.astimezone(UTC):%Y%m%dT%H%MZ}",
        starts=_millis(begins),
        ends=_millis(ends),
        district=where.district,
        village=where.village,
        place=location[:200],
        services=_services(event),
        note=text.line(str(event.get("DESCRIPTION", "")))[:300],
        cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
    )


def _hours(event: Any, zone: timezone) -> tuple[datetime, datetime]:
    """Many calendars say a day and no hour: the counter is open from the morning on, not all night.

    The end of such a day is the next one, and a whole week's event stays longer than a day.
    """
    begins = rules.moment(event["DTSTART"].dt, zone)
    if "DTEND" not in event:
        return begins, begins + HALF_DAY
    ends = rules.moment(event["DTEND"].dt, zone)
    of_days = not isinstance(event["DTSTART"].dt, datetime)
    return begins, begins + WHOLE_DAY if of_days and ends - begins == timedelta(days=1) else ends


def _services(event: Any) -> tuple[str, ...]:
    groups = [getattr(one, "cats", [one]) for one in rules.several(event.get("CATEGORIES", []))]
    said = [text.line(str(cat))[:120] for group in groups for cat in group]
    found = tuple(one for one in said if one)[:40] or (
        text.line(str(event.get("SUMMARY", "")))[:120],
    )
    if not found[0]:
        raise _Wrong("Tulis layanannya di CATEGORIES.", "Write its services into CATEGORIES.")
    return found


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
