"""What the office knows of its tenants, by code: names to show, days to count, papers to ask for.

Read from the tables `tenant` and `pack`, which others write. What nobody has a name for is called
by its code: an inbox never hides a submission because a catalogue was changed since.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, and_, func, select

from controller.inbox.calendar import NO_HOLIDAYS, Calendar
from controller.store.citizen_tables import pack, tenant
from wire.service.document import Service, Words
from wire.service.tenant import Category, Holidays, Tenant


class _Village(msgspec.Struct):
    code: str
    name: str


class _District(msgspec.Struct):
    code: str
    name: str
    villages: tuple[_Village, ...] = ()


class _Places(msgspec.Struct):
    districts: tuple[_District, ...]


class Known(NamedTuple):
    """By (tenant, code); `places` by code, `districts` of a tenant in their order."""

    agencies: Mapping[tuple[str, str], Words]
    categories: Mapping[tuple[str, str], Category]
    places: Mapping[str, str]
    districts: Mapping[str, tuple[str, ...]]
    services: Mapping[tuple[str, str], Words]
    calendars: Mapping[str, Calendar]
    tenants: Mapping[str, Words]

    def calendar(self, tenant_code: str) -> Calendar:
        return self.calendars.get(tenant_code, Calendar())

    def place(self, code: str) -> str:
        """`Sukajadi`, or `Pasteur, Sukajadi` for one of its villages."""
        name = self.places.get(code, code)
        above = self.places.get(code[:8], "") if len(code) > len("32.73.01") else ""
        return f"{name}, {above}" if above else name


def read(conn: Connection) -> Known:
    """Everything but the forms: one look at each table."""
    found = Known({}, {}, {}, {}, _services(conn), {}, {})
    for row in conn.execute(select(tenant).order_by(tenant.c.code)):
        document = _convert(row.document, Tenant)
        if document is not None:
            _add_tenant(found, row.code, document, row.holidays)
        _add_places(found, row.code, row.places)
    return found


def _add_tenant(found: Known, code: str, document: Tenant, holidays: Any) -> None:
    add: Any = found  # its mappings are dicts until they are handed out
    add.tenants[code] = document.name
    add.agencies.update({(code, one.code): one.name for one in document.agencies})
    add.categories.update({(code, one.code): one for one in document.categories})
    days = _convert(holidays, Holidays) or NO_HOLIDAYS
    add.calendars[code] = Calendar(days, document.utc_offset_min)


def _add_places(found: Known, code: str, places: Any) -> None:
    add: Any = found
    read_ = _convert(places, _Places)
    if read_ is None:
        return
    add.districts[code] = tuple(one.code for one in read_.districts)
    for district in read_.districts:
        add.places[district.code] = district.name
        add.places.update({one.code: one.name for one in district.villages})


def read_calendar(conn: Connection, code: str) -> Calendar:
    """Of one tenant alone."""
    row = conn.execute(select(tenant).where(tenant.c.code == code)).one_or_none()
    document = _convert(row.document, Tenant) if row is not None else None
    if row is None or document is None:
        return Calendar()
    return Calendar(_convert(row.holidays, Holidays) or NO_HOLIDAYS, document.utc_offset_min)


def service(conn: Connection, tenant_code: str, code: str, revision: int) -> Service | None:
    """The pack it was filled in by, else the newest of its code; None where there is none."""
    here = and_(pack.c.tenant == tenant_code, pack.c.code == code)
    exact = (pack.c.revision == revision).desc()
    query = select(pack.c.document).where(here).order_by(exact, pack.c.revision.desc())
    found: Service | None = _convert(conn.scalar(query.limit(1)), Service)
    return found


def _services(conn: Connection) -> dict[tuple[str, str], Words]:
    newest = select(pack.c.tenant, pack.c.code, func.max(pack.c.revision).label("revision"))
    last = newest.where(pack.c.state != "dropped").group_by(pack.c.tenant, pack.c.code).subquery()
    same = [pack.c[name] == last.c[name] for name in ("tenant", "code", "revision")]
    rows = conn.execute(
        select(pack.c.tenant, pack.c.code, pack.c.document["name"].label("name")).join(
            last, and_(*same)
        )
    )
    named = ((row.tenant, row.code, _convert(row.name, Words)) for row in rows)
    return {(place, code): name for place, code, name in named if name is not None}


def _convert(value: Any, kind: Any) -> Any:
    """What stands in a table, typed; None for what does not read."""
    try:
        return msgspec.convert(value, kind) if value is not None else None
    except msgspec.ValidationError:
        return None
