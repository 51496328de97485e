"""What other programs may know of complaints: that there are some, of what, where and how far.

Public fields only: nothing a citizen wrote, no name, no exact point (a hundredth of a degree), not
even the sentence an officer wrote to the citizen. Changes nothing.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from controller.inbox import known
from controller.inbox.known import Known
from controller.open311.codes import SAID, STATUSES, code_of, status_of
from controller.people.powers import Scope
from controller.scope import within
from controller.store.citizen_tables import submission, tenant
from wire.service.days import DAY_MS
from wire.service.tenant import Places, Tenant

SPAN_DAYS: Final = 90
MOST: Final = 1_000
_NAMES: Final = (
    "number", "tenant", "agency", "place", "category", "state", "state_at", "arrived_at", "due_at",
    "lat", "lng",
)  # fmt: skip


class Wanted(NamedTuple):
    """`numbers` outrank the span; `pairs` of tenant and category; times in ms since 1970."""

    numbers: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    status: str = ""
    since: int | None = None
    until: int | None = None
    page: int = 1
    size: int = MOST


def governments(conn: Connection, scope: Scope) -> list[Tenant]:
    """Those in which this program may do something."""
    rows = conn.execute(select(tenant.c.code, tenant.c.document).order_by(tenant.c.code))
    here = [row.document for row in rows if _reaches(scope, row.code)]
    return [msgspec.convert(one, Tenant) for one in here]


def places(conn: Connection, code: str) -> Places | None:
    found = conn.scalar(select(tenant.c.places).where(tenant.c.code == code))
    return None if found is None else msgspec.convert(found, Places)


def requests(conn: Connection, scope: Scope, wanted: Wanted, now: int) -> list[dict[str, Any]]:
    """Entries of GET requests, newest first."""
    columns = [submission.c[name] for name in _NAMES]
    query = select(*columns).where(submission.c.kind == "complain", *_filters(scope, wanted, now))
    query = query.order_by(submission.c.arrived_at.desc(), submission.c.id.desc())
    rows = conn.execute(query.limit(wanted.size).offset((wanted.page - 1) * wanted.size)).all()
    names = known.read(conn) if rows else None
    return [_entry(row, names) for row in rows if names is not None]


def _filters(scope: Scope, wanted: Wanted, now: int) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not scope.everywhere:
        found.append(within(scope, submission.c.place))
    if wanted.pairs:
        both = (and_(submission.c.tenant == at, submission.c.category == what)
                for at, what in wanted.pairs)  # fmt: skip
        found.append(or_(*both))
    if wanted.status:
        found.append(submission.c.state.in_(STATUSES[wanted.status]))
    if wanted.numbers:
        found.append(submission.c.number.in_(wanted.numbers))
        return found
    until = now if wanted.until is None else wanted.until
    since = until - SPAN_DAYS * DAY_MS if wanted.since is None else wanted.since
    since = max(since, until - SPAN_DAYS * DAY_MS)
    found.append(submission.c.arrived_at.between(since, until))
    return found


def _entry(row: Any, names: Known) -> dict[str, Any]:
    offset = names.calendar(row.tenant).offset_min
    category = names.categories.get((row.tenant, row.category))
    agency = names.agencies.get((row.tenant, row.agency))
    return {
        "service_request_id": row.number,
        "status": status_of(row.state),
        "status_notes": SAID[row.state],
        "service_name": category.name.id if category else row.category,
        "service_code": code_of(row.tenant, row.category),
        "description": None,
        "agency_responsible": agency.id if agency else row.agency,
        "service_notice": None,
        "requested_datetime": iso(row.arrived_at, offset),
        "updated_datetime": iso(row.state_at, offset),
        "expected_datetime": None if row.due_at is None else iso(row.due_at, offset),
        "address": names.place(row.place) if row.place else None,
        "address_id": row.place or None,
        "zipcode": None,
        "lat": None if row.lat is None else row.lat / 100,
        "long": None if row.lng is None else row.lng / 100,
        "media_url": None,
        "extended_status": row.state,
    }


def iso(moment: int, offset_min: int) -> str:
    """As `2026-11-22T14:00:00+07:00`."""
    zone = timezone(timedelta(minutes=offset_min))
    return datetime.fromtimestamp(moment // 1_000, zone).isoformat()


def read_iso(text: str) -> int:
    """Milliseconds since 1970; without a zone it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1_000)


def _reaches(scope: Scope, code: str) -> bool:
    return scope.holds(code) or any(one.startswith(f"{code}.") for one in scope.districts)
