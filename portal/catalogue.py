"""What is offered at this kiosk: its tenant, services, places, films and keys, of one release.

Owns the choice: the tenant is the one with the longest code that holds the site, services are those
offered at the site that are valid. Everything was read, checked and understood before anybody sees
it; a release with one document that cannot be read is no catalogue at all (BadContent), and the
last good one stays. Reads through `get`, which gives checked bytes; touches no disk itself.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from portal.words import BadContent
from wire.errors import MalformedMessage
from wire.service import document
from wire.service.document import Service
from wire.service.tenant import (
    FILMS,
    HOLIDAYS,
    KEYS,
    Agency,
    Category,
    District,
    Film,
    Films,
    Group,
    Holidays,
    Places,
    Tenant,
    Village,
    folder,
)
from wire.submission import Keys, read_keys

LOOK: Final = "look.css"
NO_HOLIDAYS: Final = Holidays(days=(), known_until="")
S = TypeVar("S", bound=Struct)


@dataclass(frozen=True)
class Catalogue:
    """`services` by code, as offered at `site`. `keys` None: nothing can be handed in."""

    seq: int
    site: str
    tenant: Tenant
    services: Mapping[str, Service]
    places: Places
    holidays: Holidays = NO_HOLIDAYS
    films: tuple[Film, ...] = ()
    keys: Keys | None = None
    look: str = ""  # path of the tenant's style sheet

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        return {one.code: one for one in self.tenant.groups}

    @cached_property
    def agencies(self) -> Mapping[str, Agency]:
        return {one.code: one for one in self.tenant.agencies}

    @cached_property
    def categories(self) -> Mapping[str, Category]:
        return {one.code: one for one in self.tenant.categories}

    @cached_property
    def districts(self) -> Mapping[str, District]:
        return {one.code: one for one in self.places.districts}

    @cached_property
    def villages(self) -> Mapping[str, Village]:
        return {one.code: one for district in self.places.districts for one in district.villages}

    def on(self, day: str) -> tuple[Service, ...]:
        """Those offered on a day (YYYY-MM-DD), in the order of their groups and names."""
        order = {code: place for place, code in enumerate(self.groups)}
        return tuple(
            sorted(
                (one for one in self.services.values() if is_valid(one, day)),
                key=lambda one: (order.get(one.group, len(order)), one.name.id),
            )
        )


def is_valid(service: Service, day: str) -> bool:
    valid = service.valid
    return (not valid.since or valid.since <= day) and (not valid.until or day <= valid.until)


def holds(place: str, site: str) -> bool:
    """Whether a site lies in a place: 32.73 holds 32.73.05."""
    return site == place or site.startswith(f"{place}.")


def tenant_of(site: str, paths: Collection[str]) -> str:
    """The longest code of a tenant of the release that holds the site, "" without one."""
    codes = {path.split("/")[1] for path in paths if path.startswith("tenants/")}
    return max((one for one in codes if site and holds(one, site)), key=len, default="")


def read(
    site: str, seq: int, paths: Collection[str], get: Callable[[str], bytes]
) -> Catalogue | None:
    """None when the release has no tenant for the site. Raises BadContent, and OSError of `get`."""
    code = tenant_of(site, paths)
    if not code:
        return None
    root = folder(code)
    tenant = _decode(get, f"{root}/tenant.json", Tenant)
    films = _decode(get, FILMS, Films).films if FILMS in paths else ()
    return Catalogue(
        seq=seq,
        site=site,
        tenant=tenant,
        services=_services(site, f"{root}/services/", paths, get),
        places=_decode(get, f"{root}/places.json", Places),
        holidays=_decode(get, HOLIDAYS, Holidays) if HOLIDAYS in paths else NO_HOLIDAYS,
        films=tuple(one for one in films if not one.tenants or code in one.tenants),
        keys=_keys(get) if KEYS in paths else None,
        look=f"{root}/{LOOK}" if f"{root}/{LOOK}" in paths else "",
    )


def _services(
    site: str, root: str, paths: Collection[str], get: Callable[[str], bytes]
) -> dict[str, Service]:
    found = {}
    for path in sorted(one for one in paths if one.startswith(root) and one.endswith(".json")):
        try:
            service = document.read(get(path))
        except MalformedMessage as error:
            raise BadContent(f"{path}: {error}"[:250]) from None
        if any(holds(region, site) for region in service.regions):
            found[service.code] = service
    return found


def _keys(get: Callable[[str], bytes]) -> Keys:
    try:
        return read_keys(get(KEYS))
    except MalformedMessage as error:
        raise BadContent(f"{KEYS}: {error}"[:250]) from None


def _decode(get: Callable[[str], bytes], path: str, kind: type[S]) -> S:
    try:
        return msgspec.json.decode(get(path), type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadContent(f"{path}: {error}"[:250]) from None
