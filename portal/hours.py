"""When the counters of a tenant are open: today, now, and next. Pure.

Owns the reading of opening hours and feast days. The kiosk itself is always open; what closes is
the counter at which papers and tickets are taken.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from wire.service import days
from wire.service.days import MINUTE_MS, Date
from wire.service.tenant import Holidays, Tenant

LOOK_AHEAD: Final = 30  # days; the longest run of feast days is shorter


class Span(NamedTuple):
    """From one moment to another, in Unix milliseconds."""

    opens: int
    closes: int


class Now(NamedTuple):
    """`is_open`, then `until` is when it closes; else `until` is when it opens, 0 not soon."""

    is_open: bool
    until: int


def of(tenant: Tenant, holidays: Holidays, day: Date) -> tuple[Span, ...]:
    """The opening times of a day; none on feast days."""
    if days.iso(day) in holidays.days:
        return ()
    midnight = days.start(day, tenant.utc_offset_min)
    return tuple(
        Span(midnight + _minutes(opens) * MINUTE_MS, midnight + _minutes(closes) * MINUTE_MS)
        for one in tenant.hours
        if one.weekday == days.weekday(day)
        for opens, closes in one.open
    )


def today(tenant: Tenant, holidays: Holidays, moment: int) -> tuple[Span, ...]:
    return of(tenant, holidays, days.from_millis(moment, tenant.utc_offset_min))


def now(tenant: Tenant, holidays: Holidays, moment: int) -> Now:
    for span in _from(tenant, holidays, moment):
        if span.opens <= moment < span.closes:
            return Now(is_open=True, until=span.closes)
        if moment < span.opens:
            return Now(is_open=False, until=span.opens)
    return Now(is_open=False, until=0)


def spoken(spans: tuple[Span, ...], offset_min: int) -> str:
    """08.00-12.00, 13.00-16.00."""
    return ", ".join(
        f"{clock(one.opens, offset_min)}–{clock(one.closes, offset_min)}" for one in spans
    )


def clock(moment: int, offset_min: int) -> str:
    """As clocks are read here: 09.12."""
    return days.clock(moment, offset_min).replace(":", ".")


def _from(tenant: Tenant, holidays: Holidays, moment: int) -> Iterator[Span]:
    today = days.from_millis(moment, tenant.utc_offset_min)
    for later in range(LOOK_AHEAD):
        yield from of(tenant, holidays, days.plus(today, later))


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
