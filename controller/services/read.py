"""What people see of service packs. Reads only. Documents come from people: escape them."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from controller.jobs.refused import Refused
from controller.people.powers import Scope
from controller.scope import Outside
from controller.services import tenants
from controller.services.shapes import OPEN, Line, Pack
from controller.store.citizen_tables import pack as table


def find(conn: Connection, pack_id: int, *, locked: bool = False) -> Pack:
    """Raises Refused (`unknown`)."""
    query = select(table).where(table.c.id == pack_id)
    row = conn.execute(query.with_for_update() if locked else query).one_or_none()
    if row is None:
        raise Refused("unknown", "there is no such service pack")
    return _pack(row)


def seen(conn: Connection, pack_id: int, scope: Scope) -> Pack:
    """One that whoever has this scope may see. Raises Refused (`unknown`), Outside."""
    found = find(conn, pack_id)
    if not tenants.touches(scope, found.tenant):
        raise Outside(f"service {found.code}", found.tenant)
    return found


def lines(conn: Connection, scope: Scope, tenant: str = "") -> list[Line]:
    """Every service with its shown and its open revision, by tenant and code."""
    wanted: list[ColumnElement[bool]] = [table.c.state.in_((*OPEN, "published"))]
    if tenant:
        wanted.append(table.c.tenant == tenant)
    found: dict[tuple[str, str], Line] = {}
    for row in conn.execute(select(table).where(*wanted).order_by(table.c.revision)):
        one = _pack(row)
        if not tenants.touches(scope, one.tenant):
            continue
        line = found.get((one.tenant, one.code), Line(one.tenant, one.code, None, None))
        line = line._replace(open=one) if one.state in OPEN else line._replace(shown=one)
        found[one.tenant, one.code] = line
    return [found[key] for key in sorted(found)]


def history(conn: Connection, one: Pack) -> list[Pack]:
    """Every revision of its service, the newest first."""
    same = (table.c.tenant == one.tenant, table.c.code == one.code)
    rows = conn.execute(select(table).where(*same).order_by(table.c.revision.desc()))
    return [_pack(row) for row in rows]


def before(conn: Connection, one: Pack) -> Pack | None:
    """What citizens saw before this revision, or see while it is written."""
    same = (table.c.tenant == one.tenant, table.c.code == one.code)
    older = (table.c.revision < one.revision, table.c.state.in_(("published", "retired")))
    query = select(table).where(*same, *older).order_by(table.c.revision.desc()).limit(1)
    row = conn.execute(query).one_or_none()
    return None if row is None else _pack(row)


def approved(conn: Connection, scope: Scope) -> list[Pack]:
    """Those that wait to be published, of tenants that are wholly within the scope."""
    query = select(table).where(table.c.state == "approved").order_by(table.c.tenant, table.c.code)
    return [one for one in map(_pack, conn.execute(query)) if scope.holds(one.tenant)]


def _pack(row: Row[Any]) -> Pack:
    return Pack(**{name: getattr(row, name) for name in Pack._fields})
