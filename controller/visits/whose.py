"""Whose calendar it is: a government and its places by the office's books. Reads only."""

from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

from controller.jobs.refused import MISSING, Refused
from controller.people.powers import Scope
from controller.services import tenants
from controller.store.citizen_tables import tenant as table
from controller.visits.named import Found
from wire.service.tenant import Places, Tenant


class Whose(NamedTuple):
    tenant: Tenant
    places: Places

    def find(self, code: str) -> Found | None:
        """The district, or the village and its district, that has this code."""
        for district in self.places.districts:
            if district.code == code:
                return Found(code)
            if any(one.code == code for one in district.villages):
                return Found(district.code, code)
        return None


def every(conn: Connection, scope: Scope) -> list[Whose]:
    """Those of which the scope holds at least a district."""
    known = {row.code: row.places for row in conn.execute(select(table.c.code, table.c.places))}
    return [
        Whose(one, msgspec.convert(known[one.code], Places)) for one in tenants.every(conn, scope)
    ]


def find(conn: Connection, code: str) -> Whose:
    """Raises Refused `unknown`."""
    one = tenants.find(conn, code)
    if one is None:
        raise Refused(MISSING, f"the office knows no government {code[:16]!r}")
    places = conn.scalar(select(table.c.places).where(table.c.code == code))
    return Whose(one, msgspec.convert(places, Places))


def of_place(conn: Connection, code: str) -> Whose:
    """The government that holds this district or village. Raises Refused `unknown`."""
    parts = code.split(".")
    above = [".".join(parts[:n]) for n in range(1, len(parts))]
    query = select(table.c.code).where(table.c.code.in_(above)).order_by(table.c.code.desc())
    return find(conn, conn.scalar(query.limit(1)) or code)
