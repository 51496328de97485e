"""Reads the inbox: queues, one submission with its course, and how many wait where.

A submission lies where it is about (its kecamatan or village); one that names no place lies in its
whole tenant. Owns no table and changes nothing.

Offices keep their records for years and work on a few of them: a queue of open ones reads the open
ones alone (the index `submission_open`), a list of the others begins at the newest
(`submission_recent`) and counts no further than MOST_COUNTED; where there are fewer, they are found
by what narrows the question most. PostgreSQL finds that out by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
)

from controller.inbox.shapes import OPEN, QUEUES, TODO, Detail, Event, Look, Query, Row
from controller.jobs.refused import MISSING, Refused
from controller.paging import Page
from controller.people.powers import Scope
from controller.scope import Aside, Outside, starts, within
from controller.store.citizen_tables import filed, is_open, opening, submission, submission_event
from controller.store.tables import kiosk

ELSEWHERE: Final = "open311"  # the kiosk of what came by none
MOST_EVENTS: Final = 500
MOST_ALIKE: Final = 12
ALIKE_MS: Final = 60 * 86_400_000
MOST_COUNTED: Final = 1_000
"""So far are ended records counted: nobody works through them, each count would read them all."""
ENDED: Final = ("ended", "all")  # queues that hold ended records
_COLUMNS: Final = [submission.c[name] for name in Row._fields[:-1]]
_EVENT: Final = [submission_event.c[name] for name in Event._fields[:-1]]
_FILED: Final = filed(submission.c.file_number)
_Seen = Callable[[ColumnElement[Any]], ColumnElement[Any]]


def _seek(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """To be found by whichever index there is; Aside where the order is the better guide."""
    return column


def here(scope: Scope, seen: _Seen = _seek) -> list[ColumnElement[bool]]:
    """Filters, none for everywhere, for a query in which `submission` takes part."""
    if scope.everywhere:
        return []
    place, tenant = seen(submission.c.place), seen(submission.c.tenant)
    return [or_(within(scope, place), and_(place == "", within(scope, tenant)))]


def find(conn: Connection, scope: Scope, submission_id: int) -> Row:
    """Raises Refused (`unknown`) and Outside."""
    row = conn.execute(_rows().where(submission.c.id == submission_id)).one_or_none()
    if row is None:
        raise Refused(MISSING, f"there is no submission {submission_id}")
    found = Row(*row)
    if not scope.holds(found.where):
        raise Outside(f"submission {submission_id}", found.where)
    return found


def page(
    conn: Connection, scope: Scope, query: Query, now: int, total: int | None = None
) -> Page[Row]:
    """One page of a queue, what is due first above. `total` from `counts`, else counted as they."""
    if total is None:
        total = _count(conn, scope, query, now)
    few = query.queue in ENDED and total <= MOST_COUNTED
    rows = _rows().where(_wanted(scope, query, now, seeks=few)).order_by(*_order(query.queue))
    rows = rows.limit(query.size).offset((query.page - 1) * query.size)
    return Page([Row(*row) for row in conn.execute(rows)], total, query.page, query.size)


def counts(conn: Connection, scope: Scope, query: Query, now: int) -> Mapping[str, int]:
    """How many there are in each queue, by the other filters of the question.

    What has ended is counted up to MOST_COUNTED: one more says that there are more.
    """
    open_ = [name for name in QUEUES if name not in ENDED]
    sums = [
        func.coalesce(func.sum(case((queue_of(name, query.login, now), 1), else_=0)), 0)
        for name in open_
    ]
    some = select(*sums).where(
        is_open, *here(scope, Aside), *_filters(query), *_numbered(query, Aside)
    )
    found = dict(zip(open_, map(int, conn.execute(some).one()), strict=True))
    return found | {name: _count(conn, scope, replace(query, queue=name), now) for name in ENDED}


def _count(conn: Connection, scope: Scope, query: Query, now: int) -> int:
    """Open ones all, those that may have ended up to MOST_COUNTED and one more."""
    wanted = _wanted(scope, query, now, seeks=True)
    some = select(literal(1)).select_from(submission).where(wanted)
    if query.queue in ENDED:
        some = some.limit(MOST_COUNTED + 1)
    return conn.scalar(select(func.count()).select_from(some.subquery())) or 0


def _wanted(scope: Scope, query: Query, now: int, *, seeks: bool) -> ColumnElement[bool]:
    """`seeks`: by what narrows it most, not by the order of the list."""
    open_ = query.queue not in ENDED
    guide = _guide(scope, query) if seeks and not open_ else ""
    places = here(scope, _seek if guide == "scope" else Aside)
    numbers = _numbered(query, _seek if guide == "number" else Aside)
    queue = queue_of(query.queue, query.login, now)
    return and_(True, *[is_open][:open_], *places, *_filters(query, guide), *numbers, queue)


def _guide(scope: Scope, query: Query) -> str:
    """What finds the fewest: a number, a kecamatan, a service or an agency, a government."""
    narrow = all(district.count(".") > 1 for district in scope.districts)
    asked = (("number", query.number), ("place", query.place), ("scope", narrow),
             ("service", query.service), ("agency", query.agency))  # fmt: skip
    return next((name for name, wanted in asked if wanted), "scope")


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
    at, since = Aside(submission.c.arrived_at), row.arrived_at - ALIKE_MS
    query = _rows().where(
        submission.c.category == row.category,
        submission.c.place == row.place,
        Aside(submission.c.tenant) == row.tenant,
        submission.c.kind == "complain",
        submission.c.state.in_(OPEN),
        submission.c.same_as.is_(None),
        submission.c.id != row.id,
        at.between(since, row.arrived_at + ALIKE_MS),
        *here(scope, Aside),
    )
    rows = conn.execute(query.order_by(at, submission.c.id).limit(MOST_ALIKE))
    return [Row(*one) for one in rows]


def queue_of(name: str, login: str, now: int) -> ColumnElement[bool]:
    """What a queue holds. A merged one stands in the queue of the one it was merged with."""
    state, alone = Aside(submission.c.state), submission.c.same_as.is_(None)
    todo = and_(state.in_(TODO), alone)
    mine = and_(Aside(submission.c.assigned_to) == login, state.in_(OPEN), alone)
    queues: dict[str, ColumnElement[bool]] = {
        "todo": todo,
        "late": and_(todo, submission.c.due_at < now),
        "mine": mine if login else false(),
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


def _filters(query: Query, guide: str = "") -> list[ColumnElement[bool]]:
    def seen(name: str) -> ColumnElement[Any]:
        return (_seek if name == guide else Aside)(submission.c[name])

    exact = ("kind", "tenant", "agency", "service", "category", "state")
    asked = [(name, getattr(query, name)) for name in exact]
    found = [seen(name) == wanted for name, wanted in asked if wanted]
    if query.place:
        found.append(within(Scope((query.place,)), seen("place")))
    return found


def _numbered(query: Query, seen: _Seen) -> list[ColumnElement[bool]]:
    """The citizen's receipt number or the office's own; spaces and small letters mean nothing."""
    begins = "".join(query.number.split()).upper()
    own = and_(submission.c.file_number != "", starts(seen(_FILED), begins))
    return [or_(starts(seen(submission.c.number), begins), own)] if begins else []


def _order(queue: str) -> list[ColumnElement[Any]]:
    if queue in ("todo", "late", "mine"):
        due = submission.c.due_at.asc().nulls_last()
        return [due, submission.c.arrived_at, submission.c.id]
    newest = submission.c.state_at if queue in ENDED else Aside(submission.c.state_at)
    return [newest.desc(), submission.c.id.desc()]
