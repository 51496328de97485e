"""What is wrong with a service pack beside the others of its government (wire/service/together.py).

Others are as the office's books have them: what waits to be published, else what citizens see. It
complains of the one that is asked about alone; of films it cannot tell, they are in a release.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import Connection, select

from controller.services import tenants
from controller.services.examine import Examined, examine
from controller.services.said import Complaint
from controller.store.citizen_tables import pack
from controller.store.citizen_tables import tenant as tenant_table
from wire.service import together
from wire.service.document import Service
from wire.service.tenant import Films, Places, Tenant

T = TypeVar("T")
_OTHERS: Final = ("published", "review", "approved")


def examined(conn: Connection, document: Mapping[str, Any]) -> Examined:
    """By itself, and where that finds nothing beside the others of its tenant."""
    tenant = tenants.find(conn, str(document.get("tenant", ""))[:16])
    found = examine(document, tenant)
    if tenant is None or found.service is None or found.complaints:
        return found
    return found._replace(complaints=tuple(_complaints(conn, found.service, tenant)))


def _complaints(conn: Connection, service: Service, tenant: Tenant) -> Iterator[Complaint]:
    places = _read(conn.scalar(_places(tenant.code)), Places)
    if places is None:
        return
    here = f"services/{service.code}.json: "
    # The one that is asked about comes last: of two with one letter the second is named.
    for one in together.problems([*_others(conn, service), service], tenant, places, Films()):
        if one.path.startswith(here) and one.code != "video":
            yield Complaint(one.path.removeprefix(here), one.id, one.en)


def _others(conn: Connection, service: Service) -> list[Service]:
    """The newest of each other code."""
    same = pack.c.tenant == service.tenant, pack.c.code != service.code
    query = select(pack.c.code, pack.c.document).where(*same, pack.c.state.in_(_OTHERS))
    newest = {row.code: row.document for row in conn.execute(query.order_by(pack.c.revision))}
    found = (_read(document, Service) for document in newest.values())
    return [one for one in found if one is not None]


def _places(tenant: str) -> Any:
    return select(tenant_table.c.places).where(tenant_table.c.code == tenant)


def _read(value: Any, kind: type[T]) -> T | None:
    """What a shape of another day left unreadable is no matter of this service."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None
