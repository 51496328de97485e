"""The governments the office works for, as its books have them. Reads only."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from controller.people.powers import Scope
from controller.store.citizen_tables import tenant as table
from wire.service.tenant import Tenant


def find(conn: Connection, code: str) -> Tenant | None:
    """None for one the office does not know, or whose document is no tenant's any more."""
    row = conn.execute(select(table).where(table.c.code == code)).one_or_none()
    return None if row is None else _tenant(row)


def every(conn: Connection, scope: Scope) -> list[Tenant]:
    """Those within the scope, by their code."""
    rows = conn.execute(select(table).order_by(table.c.code)).all()
    found = (_tenant(row) for row in rows if touches(scope, row.code))
    return [one for one in found if one is not None]


def touches(scope: Scope, code: str) -> bool:
    """Whether somebody with this scope sees a tenant: who has one of its districts sees it."""
    return scope.holds(code) or any(one.startswith(f"{code}.") for one in scope.districts)


def _tenant(row: Row[Any]) -> Tenant | None:
    try:
        return msgspec.convert(row.document, Tenant)
    except msgspec.ValidationError:
        return None
