"""The mobile counter's calendar: a month, day by day, and which kecamatan nobody comes to."""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from controller.people.powers import Scope
from controller.visits import books, whose
from controller.visits.books import Planned
from controller.visits.whose import Whose
from controller.words import BadQuestion
from dashboards.console import times
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page, Part

MOST_MONTHS: Final = 13  # ahead: no calendar reaches farther
_WEEKS: Final = Calendar(firstweekday=0)


class Asked(NamedTuple):
    """Empty texts ask nothing. `month` is its first day."""

    tenant: str
    district: str
    month: date
    day: date | None


class Day(NamedTuple):
    """A day of the month that is shown: how `many` visits come, called off ones left out."""

    day: date
    many: int
    inside: bool


class Coming(NamedTuple):
    """A kecamatan, how `many` visits are to come to it, and when the first does."""

    code: str
    name: str
    many: int
    first: int


def asked_of(ask: Ask) -> Asked:
    """Raises BadQuestion for a day or a month that is none."""
    query = ask.request.query_params
    today = times.local(ask.now).date()
    day = _date("day", query["day"]) if query.get("day") else None
    month = _date("month", f"{query['month']}-01") if query.get("month") else (day or today)
    month = min(max(month.replace(day=1), today.replace(day=1)), _months(today, MOST_MONTHS))
    tenant, district = query.get("tenant", "")[:16], query.get("district", "")[:16]
    return Asked(tenant, district, month, day)


def frame(ask: Ask) -> Mapping[str, Any]:
    asked, scope = asked_of(ask), ask.scope("visit.see")
    known = whose.every(ask.conn, scope)
    return {
        "asked": asked,
        "tenants": [(one.tenant.code, one.tenant.name.of(ask.t.language)) for one in known],
        "districts": [
            (code, name) for one in known for code, name in districts(one, scope, asked.tenant)
        ],
    }


def rows(ask: Ask) -> Mapping[str, Any]:
    asked, scope = asked_of(ask), ask.scope("visit.see")
    known = whose.every(ask.conn, scope)
    found = books.ahead(ask.conn, scope, ask.now, asked.tenant)
    here = [one for one in found if asked.district in ("", one.visit.district)]
    today = times.local(ask.now).date()
    return {
        "asked": asked,
        "today": today,
        "days": _by_day(here, asked),
        "weeks": _weeks(here, asked.month),
        "before": _months(asked.month, -1) if asked.month > today.replace(day=1) else None,
        "after": _months(asked.month, 1) if asked.month < _months(today, MOST_MONTHS) else None,
        "coming": sorted(
            _coming(known, scope, found, asked.tenant), key=lambda one: (one.first == 0, one.first)
        ),
        "place_of": _names(known).get,
        "hour": lambda at: times.clock(at, at, ask.t).removesuffix(" WIB"),
        "long_day": lambda day: long_day(day, ask),
        "month_name": lambda day: f"{ask.t(f'visit_month.{day.month}')} {day.year}",
    }


def districts(one: Whose, scope: Scope, tenant: str) -> list[tuple[str, str]]:
    """Code and name of those of this government that the scope holds."""
    if tenant not in ("", one.tenant.code):
        return []
    return [(each.code, each.name) for each in one.places.districts if scope.holds(each.code)]


def long_day(day: date, ask: Ask) -> str:
    """Senin, 23 Nov 2026."""
    t = ask.t
    return f"{t(f'visit_day.{day.weekday()}')}, {day.day} {t(f'month.{day.month}')} {day.year}"


def _by_day(found: Sequence[Planned], asked: Asked) -> list[tuple[date, list[Planned]]]:
    days: dict[date, list[Planned]] = {}
    for one in found:
        day = times.local(one.visit.starts).date()
        if day == asked.day or (asked.day is None and day.replace(day=1) == asked.month):
            days.setdefault(day, []).append(one)
    return sorted(days.items())


def _weeks(found: Sequence[Planned], month: date) -> list[list[Day]]:
    counts: dict[date, int] = {}
    for one in found:
        day = times.local(one.visit.starts).date()
        counts[day] = counts.get(day, 0) + (not one.visit.cancelled)
    return [
        [Day(day, counts.get(day, 0), day.month == month.month) for day in week]
        for week in _WEEKS.monthdatescalendar(month.year, month.month)
    ]


def _coming(
    known: Sequence[Whose], scope: Scope, found: Sequence[Planned], tenant: str
) -> list[Coming]:
    starts: dict[str, list[int]] = {}
    for one in found:
        if not one.visit.cancelled:
            starts.setdefault(one.visit.district, []).append(one.visit.starts)
    return [
        Coming(code, name, len(starts.get(code, ())), min(starts.get(code, [0])))
        for one in known
        for code, name in districts(one, scope, tenant)
    ]


def _names(known: Sequence[Whose]) -> dict[str, str]:
    """Of districts and villages, by code."""
    found: dict[str, str] = {}
    for district in (each for one in known for each in one.places.districts):
        found[district.code] = district.name
        found.update((one.code, one.name) for one in district.villages)
    return found


def _months(day: date, ahead: int) -> date:
    """The first day of the month so many months on."""
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    return date(year, month + 1, 1)


def _date(field: str, said: str) -> date:
    try:
        found = date.fromisoformat(said)
    except ValueError:
        raise BadQuestion(field, said[:20], ["2026-12-31"]) from None
    if not 2000 <= found.year <= 2200:
        raise BadQuestion(field, said[:20], ["2026-12-31"])
    return found


PAGE: Final = Page("visits.html", "visits", (Part("list", "parts/visits.html", rows),), frame)
