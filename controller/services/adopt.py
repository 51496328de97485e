"""Services and tenants of a release that was made elsewhere, into the office's books.

What citizens are offered the office must know: it takes their submissions. Whatever a release has
and no row tells of becomes a row; nothing that is there is changed by it, but what a tenant says.
"""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, update

from controller.services.examine import plain
from controller.store.citizen_tables import pack
from controller.store.citizen_tables import tenant as tenant_
from controller.store.engine import insert_new
from wire.errors import MalformedMessage
from wire.service import document
from wire.service.document import Service
from wire.service.tenant import HOLIDAYS, Holidays, Places, Tenant

WHO: Final = "release"


def services(files: Mapping[str, bytes]) -> list[Service]:
    """Every pack of a tree: path -> bytes. What is none is passed over: kiosks do so too."""
    found = []
    for path, body in files.items():
        if is_pack(path):
            try:
                found.append(document.read(body))
            except MalformedMessage:
                continue
    return found


def is_pack(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return len(parts) == 4 and parts[0] == "tenants" and parts[2] == "services"


def adopt(conn: Connection, found: Iterable[Service], now: int, who: str = WHO) -> int:
    """How many were new. Inside a `writing` transaction."""
    new = 0
    for one in found:
        values = {"tenant": one.tenant, "code": one.code, "revision": one.revision}
        values |= {"state": "published", "state_at": now, "version": 1, "document": plain(one)}
        values |= {"made_by": who, "made_at": now, "why": ""}
        made = insert_new(conn, pack).values(**values).returning(pack.c.id)
        number = conn.scalar(made)
        if number is not None:
            new += 1
            _replace_older(conn, one, now)
    return new


def adopt_tenants(
    conn: Connection, files: Mapping[str, bytes], now: int, who: str = WHO
) -> list[str]:
    """Codes of the tenants a tree has; each says from now on what it says there."""
    codes = []
    holidays = _plain(files.get(HOLIDAYS), Holidays)
    for path, body in files.items():
        parts = PurePosixPath(path).parts
        if len(parts) != 3 or parts[0] != "tenants" or parts[2] != "tenant.json":
            continue
        told = _plain(body, Tenant)
        places = _plain(files.get(f"tenants/{parts[1]}/places.json"), Places)
        if told is None or places is None or told.get("code") != parts[1]:
            continue
        values: dict[str, Any] = {"document": told, "places": places, "holidays": holidays}
        values |= {"changed_at": now, "changed_by": who}
        conn.execute(insert_new(conn, tenant_).values(code=parts[1], **values))
        conn.execute(update(tenant_).where(tenant_.c.code == parts[1]).values(**values))
        codes.append(parts[1])
    return codes


def _replace_older(conn: Connection, one: Service, now: int) -> None:
    same = (pack.c.tenant == one.tenant, pack.c.code == one.code, pack.c.state == "published")
    older = update(pack).where(*same, pack.c.revision < one.revision)
    conn.execute(older.values(state="retired", state_at=now))


def _plain(body: bytes | None, kind: type[Any]) -> dict[str, Any] | None:
    """As it is kept in a row; None when there is none or it is not of this kind."""
    if body is None:
        return None
    try:
        found: dict[str, Any] = msgspec.to_builtins(msgspec.json.decode(body, type=kind))
    except (msgspec.MsgspecError, ValueError):
        return None
    return found
