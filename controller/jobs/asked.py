"""Which kiosks somebody means: names, a filter of the list of kiosks, or a saved list.

Resolves within a scope: a filter finds what lies in it, a name outside it is refused. Knows no job.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from sqlalchemy import Connection, bindparam, or_, select

from controller.jobs.refused import Refused
from controller.kiosk_list import KioskQuery, matches
from controller.people.powers import Scope
from controller.scope import Outside
from controller.store.command_tables import saved_list
from controller.store.identity_tables import identity
from controller.store.slices import slices
from controller.store.tables import kiosk, kiosk_status
from controller.words import SERVICES, BadQuestion

MOST_NAMED: Final = 20_000
MOST_QUERY: Final = 1_000
EVERYBODY: Final = "all=yes"
_IGNORED: Final = ("sort", "page", "size")  # they stand in the same address and choose nobody
_LISTS: Final = {"state": "states", "presence": "presences", "identity": "identities"}
_TEXTS: Final = {"q": "search", "search": "search"} | {n: n for n in ("regency", "site", "fault")}
_TARGETS: Final = (
    select(kiosk.c.id, kiosk.c.name, kiosk.c.partition, kiosk.c.site_code)
    .add_columns(kiosk_status.c.presence, identity.c.state)
    .join_from(kiosk, kiosk_status, kiosk_status.c.kiosk_id == kiosk.c.id)
    .outerjoin(identity, identity.c.kiosk_id == kiosk.c.id)
)
_NAMED: Final = _TARGETS.where(kiosk.c.name.in_(bindparam("names", expanding=True)))


class Asked(NamedTuple):
    """Exactly one of them.

    `query` is spelt like the address of the list of kiosks (`state=fail&regency=Kota+Bandung`),
    `all=yes` is every kiosk; `saved` is a list's id.
    """

    kiosks: tuple[str, ...] = ()
    query: str = ""
    saved: int = 0


class Target(NamedTuple):
    id: int
    name: str
    partition: int
    site_code: str
    presence: str


def to_json(asked: Asked) -> dict[str, Any]:
    """As it stands in job.asked and saved_list.asked."""
    return {"kiosks": list(asked.kiosks), "query": asked.query, "saved": asked.saved}


def of_json(stored: Mapping[str, Any]) -> Asked:
    names = tuple(stored.get("kiosks", ()))
    return Asked(names, stored.get("query", ""), stored.get("saved", 0))


def check(asked: Asked) -> None:
    """Raises Refused (`asked`) unless exactly one is given, BadQuestion for an unknown word."""
    if sum((bool(asked.kiosks), bool(asked.query), bool(asked.saved))) != 1:
        raise Refused("asked", "name kiosks, or give a filter, or a saved list: one of the three")
    if len(asked.kiosks) > MOST_NAMED:
        raise Refused("asked", f"at most {MOST_NAMED} names; a filter may find more")
    if asked.query:
        query_of(asked.query)


def query_of(text: str) -> KioskQuery:
    """Raises BadQuestion for a word nobody knows: a filter that is dropped finds too many."""
    if len(text) > MOST_QUERY:
        raise BadQuestion("query", text[:40], [f"at most {MOST_QUERY} characters"])
    if text == EVERYBODY:
        return KioskQuery()
    try:
        words = parse_qsl(text, strict_parsing=True, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise BadQuestion("query", text[:80], ["name=value&name=value"]) from None
    given: dict[str, Any] = {"verdicts": ()}
    for name, value in words:
        if value and name not in _IGNORED:
            _take(given, name, value)
    if given == {"verdicts": ()}:
        raise Refused("asked", f"this filter asks nothing; every kiosk is {EVERYBODY}")
    return KioskQuery(**given)


def _take(given: dict[str, Any], name: str, value: str) -> None:
    if name in _LISTS:
        given[_LISTS[name]] = (*given.get(_LISTS[name], ()), value)
    elif name in SERVICES:
        given["verdicts"] += ((name, value),)
    elif name in _TEXTS and _TEXTS[name] not in given:
        given[_TEXTS[name]] = value
    else:
        allowed = (*_LISTS, *SERVICES, "regency", "site", "fault", "q")
        raise BadQuestion("query", name, allowed)


def resolve(conn: Connection, scope: Scope, asked: Asked) -> list[Target]:
    """By name. Raises Refused (`asked`, `unknown`), BadQuestion, and Outside for another's kiosk.

    Decommissioned kiosks are left out of filters, and refused by name.
    """
    check(asked)
    if asked.saved:
        asked = _saved(conn, asked.saved)
    if asked.kiosks:
        return _named(conn, scope, asked.kiosks)
    wanted = matches(scope, query_of(asked.query))
    alive = or_(identity.c.state.is_(None), identity.c.state != "decommissioned")
    rows = conn.execute(_TARGETS.where(alive, *wanted).order_by(kiosk.c.name))
    return [Target(*row[:-1]) for row in rows]


def _named(conn: Connection, scope: Scope, names: Iterable[str]) -> list[Target]:
    wanted = sorted(set(names))
    rows = {
        row.name: row for some in slices(wanted) for row in conn.execute(_NAMED, {"names": some})
    }
    for name in wanted:
        row = rows.get(name)
        if row is None:
            raise Refused("unknown", f"nobody registered a kiosk {name[:40]!r}")
        if not scope.holds(row.site_code):
            raise Outside(f"kiosk {name}", row.site_code)
        if row.state == "decommissioned":
            raise Refused("asked", f"kiosk {name} is decommissioned")
    return [Target(*rows[name][:-1]) for name in wanted]


def _saved(conn: Connection, list_id: int) -> Asked:
    found = conn.scalar(select(saved_list.c.asked).where(saved_list.c.id == list_id))
    if found is None:
        raise Refused("unknown", f"there is no saved list {list_id}")
    return of_json(found)
