"""What an office did in a week, service by service: what came, what was done, what was late.

Counts facts that are stored; tells nothing of anybody. A merged complaint counts as having come:
it is done with the one it was merged with.
"""

from collections.abc import Mapping
from itertools import chain, repeat, starmap
from statistics import median_low
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, case, func, select

from controller.inbox import known, read
from controller.inbox.calendar import JAKARTA, Calendar
from controller.inbox.limits import Pace
from controller.inbox.shapes import TODO, Week
from controller.people.powers import Scope
from controller.scope import Aside
from controller.store.citizen_tables import is_open, submission, submission_event
from wire.service import days as civil

WEEKS: Final = 8
WEEK_MS: Final = 7 * civil.DAY_MS
DONE: Final = ("finish", "reject")  # the office's own part is over
_Key = tuple[str, str, str]  # tenant, service, kind


class _Ends(NamedTuple):
    """So many that arrived on one day and ended for the office on another, in the same way."""

    arrived_at: int  # any moment of that day
    at: int
    event: str
    times: int


def monday(now: int, weeks_ago: int = 0, offset_min: int = 420) -> int:
    """The first millisecond of this week, or of one before."""
    today = civil.from_millis(now, offset_min)
    first = civil.plus(today, -civil.weekday(today) - 7 * weeks_ago)
    return civil.start(first, offset_min)


def week(conn: Connection, scope: Scope, since: int) -> list[Week]:
    """Every service in the seven days from `since`, most came first."""
    until = since + WEEK_MS
    arrived = _counted(conn, scope, submission.c.arrived_at.between(since, until - 1))
    waiting = _counted(conn, scope, and_(is_open, Aside(submission.c.state).in_(TODO)))
    names = known.read(conn)
    ends = _ends(conn, scope, since, names.calendars)
    found = []
    for key in {*arrived, *waiting, *ends}:
        pace = Pace(names.calendar(key[0]), _promised(conn, key))
        counts = arrived.get(key, 0), waiting.get(key, 0)
        found.append(_week(since, key, counts, ends.get(key, []), pace))
    return sorted(found, key=lambda one: (-one.arrived, -one.waiting, one.tenant, one.service))


def _week(since: int, key: _Key, counts: tuple[int, int], ends: list[_Ends], pace: Pace) -> Week:
    took = [(pace.calendar.left(one.arrived_at, one.at), one.times) for one in ends]
    most = pace.sla
    return Week(
        since=since,
        tenant=key[0],
        service=key[1],
        kind=key[2],
        arrived=counts[0],
        done=sum(one.times for one in ends if one.event == "finish"),
        rejected=sum(one.times for one in ends if one.event == "reject"),
        late=sum(times for days, times in took if most is not None and days > most),
        days=median_low(chain.from_iterable(starmap(repeat, took))) if took else None,
        waiting=counts[1],
    )


def _promised(conn: Connection, key: _Key) -> int | None:
    """Working days from arrival: a complaint is verified and answered, a service has its own."""
    tenant, service, kind = key
    if kind == "complain":
        return 3 + 5
    found = known.service(conn, tenant, service, 0)
    return found.standard.duration.working_days if found else None


def _counted(conn: Connection, scope: Scope, wanted: Any) -> dict[_Key, int]:
    columns = submission.c.tenant, submission.c.service, submission.c.kind
    query = select(*columns, func.count()).where(and_(wanted, *read.here(scope, Aside)))
    rows = conn.execute(query.group_by(*map(Aside, columns)))
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def _ends(
    conn: Connection, scope: Scope, since: int, calendars: Mapping[str, Calendar]
) -> dict[_Key, list[_Ends]]:
    """Together by their days: whoever did ten thousand things in a week did them on seven days."""
    event, its = submission_event, submission
    offsets = {code: one.offset_min * civil.MINUTE_MS for code, one in calendars.items()}
    usual = JAKARTA * civil.MINUTE_MS
    offset = case({"": usual} | offsets, value=its.c.tenant, else_=usual)
    days = [(at + offset) // civil.DAY_MS for at in (its.c.arrived_at, event.c.at)]
    key = its.c.tenant, its.c.service, its.c.kind
    told = func.min(its.c.arrived_at), func.min(event.c.at), event.c.event, func.count()
    joined = event.join(its, its.c.id == event.c.submission_id)
    changed = Aside(its.c.state_at) >= since  # by then at least; PostgreSQL reads no older ones
    wanted = changed, event.c.event.in_(DONE), event.c.at.between(since, since + WEEK_MS - 1)
    query = select(*key, *told).select_from(joined).where(*wanted, *read.here(scope, Aside))
    found: dict[_Key, list[_Ends]] = {}
    for row in conn.execute(query.group_by(*map(Aside, key), event.c.event, *days)):
        found.setdefault((row[0], row[1], row[2]), []).append(_Ends(*row[3:]))
    return found
