"""The mobile counter's calendar in the office's books: taken in, corrected, called off.

Owns the table `visit`. A visit that was announced is never deleted: it is called off, and kiosks
say so. Whoever writes does so in their own districts alone, and corrects nothing in another.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from controller import changes
from controller.deeds import Doer
from controller.jobs.refused import MISSING, Refused
from controller.people import audit
from controller.people.powers import Scope
from controller.scope import Outside, within
from controller.store.citizen_tables import visit as table
from wire.citizen import Visit

MOST_AHEAD: Final = 2_000  # of one tenant: what a kiosk is told at once
_FIELDS: Final = tuple(Visit.__struct_fields__)


class Planned(NamedTuple):
    """`id` in the books; `tenant` whose it is, `source` how it came: form, xlsx or ics."""

    id: int
    tenant: str
    source: str
    visit: Visit


class Taken(NamedTuple):
    added: int
    changed: int
    unchanged: int


class Elsewhere(Outside):
    """One visit of those handed in lies in, or was announced for, another's district.

    `n` is which of them, from 1. Nothing of the table was taken.
    """

    def __init__(self, n: int, place: str, district: str) -> None:
        super().__init__(f"visit {n} to {place[:60]}", district)
        self.n, self.place = n, place
        self.args = (f"visit {n} ({place[:60]}) is in {district}, not yours; nothing was changed",)


class Given(NamedTuple):
    """A table handed in: whose, and how it came."""

    tenant: str
    source: str
    visits: Sequence[Visit]


def take(conn: Connection, given: Given, doer: Doer, now: int) -> Taken:
    """All of them; one that is there under its name is corrected.

    Raises Refused `many`, and Outside. Inside a `writing` transaction, last in it.
    """
    tenant, visits = given.tenant, given.visits
    before = {row.uid: row for row in conn.execute(select(table).where(table.c.tenant == tenant))}
    _check(doer.scope, visits, before)
    new = [one for one in visits if one.uid not in before]
    other = [one for one in visits if one.uid in before and _visit(before[one.uid]) != one]
    ahead = sum(row.ends >= now for row in before.values()) + len(new)
    if ahead > MOST_AHEAD:
        raise Refused("many", f"at most {MOST_AHEAD} visits lie ahead at once")
    mark: dict[str, Any] = {
        "source": given.source,
        "changed_at": now,
        "changed_by": doer.person.login,
    }
    if new:
        rows = [{"tenant": tenant, **_values(one), **mark} for one in new]
        conn.execute(insert(table), rows)
    for one in other:
        same = (table.c.tenant == tenant, table.c.uid == one.uid)
        conn.execute(update(table).where(*same).values(**_values(one), **mark))
    found = Taken(len(new), len(other), len(visits) - len(new) - len(other))
    if new or other:
        detail = {**found._asdict(), "source": given.source}
        _tell(conn, doer, audit.Entry("", "visit.take", tenant, tenant, detail=detail), now)
    return found


def call_off(conn: Connection, number: int, doer: Doer, now: int) -> Planned:
    """Kiosks go on showing it, as called off. Raises Refused `unknown`, and Outside."""
    found = find(conn, number, doer.scope)
    mark = {"cancelled": True, "changed_at": now, "changed_by": doer.person.login}
    still = (table.c.id == number, table.c.cancelled.is_(False))
    if conn.execute(update(table).where(*still).values(**mark)).rowcount:
        visit = found.visit
        _tell(conn, doer, audit.Entry("", "visit.call_off", visit.place, visit.district), now)
    return found._replace(visit=msgspec.structs.replace(found.visit, cancelled=True))


def find(conn: Connection, number: int, scope: Scope) -> Planned:
    """Raises Refused `unknown`, and Outside."""
    row = conn.execute(select(table).where(table.c.id == number)).one_or_none()
    if row is None:
        raise Refused(MISSING, f"there is no visit {number}")
    if not scope.holds(row.district):
        raise Outside(f"visit {number}", row.district)
    return _planned(row)


def ahead(conn: Connection, scope: Scope, now: int, tenant: str = "") -> list[Planned]:
    """Those that are not over at `now`, soonest first, in these districts."""
    query = select(table).where(table.c.ends >= now, within(scope, table.c.district))
    query = query.order_by(table.c.starts, table.c.id)
    if tenant:
        query = query.where(table.c.tenant == tenant)
    return [_planned(row) for row in conn.execute(query.limit(MOST_AHEAD))]


def _check(scope: Scope, visits: Iterable[Visit], before: Mapping[str, Row[Any]]) -> None:
    """Neither where a visit comes now nor where it came before is somebody else's."""
    for n, one in enumerate(visits, 1):
        known = before.get(one.uid)
        for district in (one.district, *((known.district,) if known else ())):
            if not scope.holds(district):
                raise Elsewhere(n, one.place, district)


def _tell(conn: Connection, doer: Doer, entry: audit.Entry, now: int) -> None:
    changes.record(conn, "visit", None, "", now)
    named = entry._replace(who=doer.person.login, address=doer.address)
    audit.append(conn, named, now)


def _planned(row: Row[Any]) -> Planned:
    return Planned(row.id, row.tenant, row.source, _visit(row))


def _visit(row: Row[Any]) -> Visit:
    values = {name: getattr(row, name) for name in _FIELDS}
    return Visit(**{**values, "services": tuple(row.services)})


def _values(one: Visit) -> dict[str, Any]:
    return {**msgspec.structs.asdict(one), "services": list(one.services)}
