"""Reads the inbox: queues, one submission with its course, and how many wait where.

A submission lies where it is about (its kecamatan or village); one that names no place lies in its
whole tenant. Owns no table and changes nothing.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, or_, select

from controller.inbox.shapes import OPEN, QUEUES, TODO, Detail, Event, Look, Query, Row
from controller.jobs.refused import MISSING, Refused
from controller.paging import Page
from controller.people.powers import Scope
from controller.scope import Outside, within
from controller.store.citizen_tables import opening, submission, submission_event
from controller.store.tables import kiosk

ELSEWHERE: Final = "open311"  # the kiosk of what came by none
MOST_EVENTS: Final = 500
MOST_ALIKE: Final = 12
ALIKE_MS: Final = 60 * 86_400_000
_COLUMNS: Final = [submission.c[name] for name in Row._fields[:-1]]
_EVENT: Final = [submission_event.c[name] for name in Event._fields[:-1]]


def here(scope: Scope) -> list[ColumnElement[bool]]:
    """Filters, none for everywhere, for a query in which `submission` takes part."""
    if scope.everywhere:
        return []
    nowhere = and_(submission.c.place == "", within(scope, submission.c.tenant))
    return [or_(within(scope, submission.c.place), nowhere)]


def find(conn: Connection, scope: Scope, submission_id: int) -> Row:
    """Raises Refused (`unknown`) and Outside."""
    row = conn.execute(_rows().where(submission.c.id == submission_id)).one_or_none()
    if row is None:
        raise Refused(MISSING, f"there is no submission {submission_id}")
    found = Row(*row)
    if not scope.holds(found.where):
        raise Outside(f"submission {submission_id}", found.where)
    return found


def page(conn: Connection, scope: Scope, query: Query, now: int) -> Page[Row]:
    """One page of a queue, what is due first above."""
    wanted = and_(*here(scope), *_filters(query), queue_of(query.queue, query.login, now))
    total = conn.scalar(select(func.count()).select_from(submission).where(wanted)) or 0
    rows = _rows().where(wanted).order_by(*_order(query.queue))
    rows = rows.limit(query.size).offset((query.page - 1) * query.size)
    return Page([Row(*row) for row in conn.execute(rows)], total, query.page, query.size)


def counts(conn: Connection, scope: Scope, query: Query, now: int) -> Mapping[str, int]:
    """How many there are in each queue, by the other filters of the question."""
    sums = [
        func.coalesce(func.sum(case((queue_of(name, query.login, now), 1), else_=0)), 0)
        for name in QUEUES
    ]
    found = conn.execute(select(*sums).where(and_(True, *here(scope), *_filters(query)))).one()
    return dict(zip(QUEUES, map(int, found), strict=True))


def services(conn: Connection, scope: Scope) -> list[tuple[str, str]]:
    """(tenant, code) of every service that somebody here has handed something in for."""
    columns = submission.c.tenant, submission.c.service
    query = select(*columns).where(and_(True, *here(scope))).distinct().order_by(*columns)
    return [(row[0], row[1]) for row in conn.execute(query)]


def detail(conn: Connection, scope: Scope, submission_id: int) -> Detail:
    """Raises Refused (`unknown`) and Outside."""
    row = find(conn, scope, submission_id)
    merged = _rows().where(submission.c.same_as == row.id, *here(scope))
    return Detail(
        row,
        events(conn, row.id),
        looks(conn, row.id),
        [Row(*one) for one in conn.execute(merged.order_by(submission.c.id))],
        alike(conn, scope, row),
    )


def events(conn: Connection, submission_id: int) -> list[Event]:
    """Newest first."""
    table = submission_event
    columns = [*_EVENT, table.c.note.is_not(None)]
    query = select(*columns).where(table.c.submission_id == submission_id)
    rows = conn.execute(query.order_by(table.c.id.desc()).limit(MOST_EVENTS))
    return [Event(*row) for row in rows]


def looks(conn: Connection, submission_id: int) -> list[Look]:
    """Who saw what the citizen wrote, newest first."""
    columns = [opening.c[name] for name in Look._fields]
    query = select(*columns).where(opening.c.submission_id == submission_id)
    rows = conn.execute(query.order_by(opening.c.id.desc()).limit(MOST_EVENTS))
    return [Look(*row) for row in rows]


def alike(conn: Connection, scope: Scope, row: Row) -> list[Row]:
    """Open complaints of its category in its place within two months: perhaps the same pothole."""
    if row.kind != "complain" or row.same_as is not None or row.state not in OPEN:
        return []
    near = submission.c.arrived_at.between(row.arrived_at - ALIKE_MS, row.arrived_at + ALIKE_MS)
    query = _rows().where(
        submission.c.category == row.category,
        submission.c.place == row.place,
        submission.c.tenant == row.tenant,
        submission.c.kind == "complain",
        submission.c.state.in_(OPEN),
        submission.c.same_as.is_(None),
        submission.c.id != row.id,
        near,
        *here(scope),
    )
    rows = conn.execute(query.order_by(submission.c.arrived_at).limit(MOST_ALIKE))
    return [Row(*one) for one in rows]


def queue_of(name: str, login: str, now: int) -> ColumnElement[bool]:
    """What a queue holds. A merged one stands in the queue of the one it was merged with."""
    state, alone = submission.c.state, submission.c.same_as.is_(None)
    todo = and_(state.in_(TODO), alone)
    queues: dict[str, ColumnElement[bool]] = {
        "todo": todo,
        "late": and_(todo, submission.c.due_at < now),
        "mine": and_(submission.c.assigned_to == login, state.in_(OPEN), alone)
        if login
        else false(),
        "waiting": and_(state == "returned", alone),
        "ready": and_(state == "ready", alone),
        "ended": and_(state.not_in(OPEN), alone),
        "all": and_(True),
    }
    return queues[name]


def twins(conn: Connection, row: Row) -> list[Row]:
    """Those merged with it whose state is still its own, wherever they lie."""
    same = submission.c.same_as == row.id, submission.c.state == row.state
    return [Row(*found) for found in conn.execute(_rows().where(*same))]


def _rows() -> Select[Any]:
    joined = submission.outerjoin(kiosk, kiosk.c.id == submission.c.kiosk_id)
    return select(*_COLUMNS, func.coalesce(kiosk.c.name, ELSEWHERE)).select_from(joined)


def _filters(query: Query) -> list[ColumnElement[bool]]:
    exact = ("kind", "tenant", "agency", "service", "category", "state")
    found = [submission.c[name] == getattr(query, name) for name in exact if getattr(query, name)]
    if query.place:
        found.append(within(Scope((query.place,)), submission.c.place))
    if query.number:
        wanted = query.number.strip().upper()
        found.append(submission.c.number.startswith(wanted, autoescape=True))
    return found


def _order(queue: str) -> list[ColumnElement[Any]]:
    if queue in ("todo", "late", "mine"):
        undated = case((submission.c.due_at.is_(None), 1), else_=0)
        return [undated, submission.c.due_at, submission.c.arrived_at, submission.c.id]
    return [submission.c.state_at.desc(), submission.c.id.desc()]
