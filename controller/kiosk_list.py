"""The list of kiosks: filtered, sorted and paged by the database, quick at 84,000 rows.

Owns what may be asked (KioskQuery) and how it is asked. Never fetches more than one page: the
first query finds the ids by indexes alone, the second reads what is shown of them.
"""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from controller.paging import Page, check_page
from controller.people.powers import EVERYWHERE, Scope
from controller.scope import check_site, sites_within
from controller.store.identity_tables import identity
from controller.store.tables import fault, kiosk, kiosk_status, site, thread
from controller.words import ANSWERS, PRESENCES, SERVICES, STATES, check_text, check_words

_STATUS_ID = kiosk_status.c.kiosk_id
# What a kiosk that was ever invited may be (wire.lifecycle.IDENTITY): what needs people first.
IDENTITIES: Final = ("quarantined", "pending", "revoked", "active", "decommissioned")

# name -> columns and whether each descends, in the order a person expects first. The last
# column is unique, so that pages neither repeat nor skip a kiosk. `-name` turns all around.
_SORTS: Final[dict[str, tuple[tuple[ColumnElement[Any], bool], ...]]] = {
    "name": ((kiosk.c.name, False),),
    "site": ((kiosk.c.site_code, False), (kiosk.c.name, False)),
    "state": (
        (kiosk_status.c.state_rank, False),
        (kiosk_status.c.state_since, False),
        (_STATUS_ID, False),
    ),
    "since": ((kiosk_status.c.state_since, True), (_STATUS_ID, True)),
    "faults": ((kiosk_status.c.open_faults, True), (_STATUS_ID, True)),
    "heard": ((thread.c.last_heard, True), (thread.c.kiosk_id, True)),
}
_KEYS: Final[dict[str, ColumnElement[int]]] = {
    "name": kiosk.c.id,
    "site": kiosk.c.id,
    "state": _STATUS_ID,
    "since": _STATUS_ID,
    "faults": _STATUS_ID,
    "heard": thread.c.kiosk_id,
}
SORTS: Final = (*_SORTS, *(f"-{name}" for name in _SORTS))


@dataclass(frozen=True, kw_only=True)
class KioskQuery:
    """What to list. Filters join by AND, words within one by OR; an empty one lets all pass.

    Sorts: name A-Z, site by code (so that neighbours stand together), state worst first (longest
    first), since newest first, faults most first, heard latest first (never heard last, both
    ways); `-` before it turns it around.
    Raises BadQuestion for a word outside its set.
    """

    states: tuple[str, ...] = ()
    presences: tuple[str, ...] = ()
    regency: str = ""
    site: str = ""  # its code
    verdicts: tuple[tuple[str, str], ...] = field(default=())  # (service, answer)
    fault: str = ""  # code of an open fault
    search: str = ""  # part of the kiosk's or its site's name, whatever the case
    identities: tuple[str, ...] = ()  # of IDENTITIES
    sort: str = "state"
    page: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        check_words("state", self.states, STATES)
        check_words("presence", self.presences, PRESENCES)
        check_words("identity", self.identities, IDENTITIES)
        for service, answer in self.verdicts:
            check_words("service", [service], SERVICES)
            check_words(service, [answer], ANSWERS)
        for name in ("regency", "site", "fault", "search"):
            check_text(name, getattr(self, name))
        check_words("sort", [self.sort], SORTS)
        check_page(self.page, self.size)


class KioskRow(NamedTuple):
    """Times are milliseconds since 1970; `last_heard` is None for a kiosk never heard."""

    id: int
    name: str
    site_code: str
    site_name: str
    regency: str
    state: str
    state_since: int
    state_why: str  # a fault code, or a word like `offline`
    presence: str
    presence_since: int
    open_faults: int
    inform: str
    apply: str
    complain: str
    watch: str
    last_heard: int | None


class Limits(NamedTuple):
    """Up to `few` matches are sorted at once; a page beyond `near` needs the end of the list."""

    few: int = 1000
    near: int = 10_000


LIMITS: Final = Limits()


def list_kiosks(
    conn: Connection, scope: Scope, query: KioskQuery, limits: Limits = LIMITS
) -> Page[KioskRow]:
    """One page of the kiosks that match, and how many match in all. Raises Outside."""
    check_site(scope, query.site)
    asked = _Asked(query, scope)
    few = _few(conn, asked, limits.few)
    total = len(few) if few is not None else _count(conn, asked, "")
    start = (query.page - 1) * query.size
    size = min(query.size, total - start)
    if size <= 0:
        return Page([], total, query.page, query.size)
    walk = _Walk(conn, asked, few, limits.near)
    ids = walk.heard(start, size) if walk.by == "heard" else walk.ids(start, size, total)
    return Page(rows_of(conn, ids), total, query.page, query.size)


def every_kiosk(conn: Connection, scope: Scope, query: KioskQuery) -> list[KioskRow]:
    """Every match without paging, for exports; sorted by name. Raises Outside."""
    check_site(scope, query.site)
    wanted = _filters(_Asked(query, scope), kiosk.c.id)
    return [KioskRow(*row) for row in conn.execute(_rows().where(*wanted).order_by(kiosk.c.name))]


def matches(scope: Scope, query: KioskQuery) -> list[ColumnElement[bool]]:
    """What a query that joins `kiosk` and `kiosk_status` must ask for these kiosks.

    Raises Outside.
    """
    check_site(scope, query.site)
    return _filters(_Asked(query, scope), kiosk.c.id)


def rows_of(conn: Connection, ids: list[int]) -> list[KioskRow]:
    """The rows of these kiosks, in the order asked."""
    found = {row.id: KioskRow(*row) for row in conn.execute(_rows().where(kiosk.c.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def _rows() -> Select[Any]:
    status = kiosk_status.c
    return (
        select(
            kiosk.c.id,
            kiosk.c.name,
            kiosk.c.site_code,
            site.c.name.label("site_name"),
            site.c.regency,
            status.state,
            status.state_since,
            status.state_why,
            status.presence,
            status.presence_since,
            status.open_faults,
            status.inform,
            status.apply,
            status.complain,
            status.watch,
            thread.c.last_heard,
        )
        .select_from(kiosk)
        .join(kiosk_status, status.kiosk_id == kiosk.c.id)
        .join(site, site.c.code == kiosk.c.site_code)
        .outerjoin(thread, thread.c.kiosk_id == kiosk.c.id)
    )


class _Asked(NamedTuple):
    """A question and who asks it: kiosks outside the scope are not there."""

    query: KioskQuery
    scope: Scope


def _filters(asked: _Asked, key: ColumnElement[int]) -> list[ColumnElement[bool]]:
    query, status = asked.query, kiosk_status.c
    wanted: list[ColumnElement[bool]] = sites_within(asked.scope, kiosk.c.site_code)
    if query.states:
        wanted.append(status.state.in_(query.states))
    if query.presences:
        wanted.append(status.presence.in_(query.presences))
    wanted += [status[service] == answer for service, answer in query.verdicts]
    if query.site:
        wanted.append(kiosk.c.site_code == query.site)
    if query.regency:
        wanted.append(
            kiosk.c.site_code.in_(select(site.c.code).where(site.c.regency == query.regency))
        )
    if query.fault:
        is_open = (fault.c.code == query.fault) & fault.c.cleared_at.is_(None)
        wanted.append(key.in_(select(fault.c.kiosk_id).where(is_open)))
    if query.identities:
        stands = identity.c.state.in_(query.identities)
        wanted.append(key.in_(select(identity.c.kiosk_id).where(stands)))
    if query.search.strip():
        wanted.append(called_like(query.search))
    return wanted


def called_like(text: str) -> ColumnElement[bool]:
    """Kiosks with `text` in their own or their site's name, whatever the case."""
    text = text.strip().lower()
    called = func.lower(site.c.name).contains(text, autoescape=True)
    return or_(
        kiosk.c.name.contains(text, autoescape=True),
        kiosk.c.site_code.in_(select(site.c.code).where(called)),
    )


def _few(conn: Connection, asked: _Asked, most: int) -> list[int] | None:
    """All that match, when they are so few that sorting them beats walking an index for them."""
    if not _filters(asked, kiosk.c.id):
        return None
    ids = list(conn.scalars(_matching(asked, "").limit(most + 1)))
    return ids if len(ids) <= most else None


def _count(conn: Connection, asked: _Asked, by: str) -> int:
    return conn.scalar(_matching(asked, by, count=True)) or 0


class _Walk(NamedTuple):
    """Finds the ids of a page along the index of its order."""

    conn: Connection
    asked: _Asked
    few: list[int] | None
    near: int

    @property
    def by(self) -> str:
        return self.asked.query.sort.removeprefix("-")

    def ids(self, start: int, size: int, total: int) -> list[int]:
        """Walks from the nearer end, so that the last page is as quick as the first."""
        size = min(size, total - start)
        if size <= 0:
            return []
        from_the_end = start > total // 2
        backwards = self.asked.query.sort.startswith("-") != from_the_end
        ordering = [
            column.desc() if descends != backwards else column.asc()
            for column, descends in _SORTS[self.by]
        ]
        offset = total - start - size if from_the_end else start
        found = self._matching(self.by).order_by(*ordering).limit(size).offset(offset)
        ids = list(self.conn.scalars(found))
        return ids[::-1] if from_the_end else ids

    def heard(self, start: int, size: int) -> list[int]:
        """Those heard in their order, then those never heard by name."""
        if start < self.near:  # counting who was heard costs more than the page itself
            ids = self.ids(start, size, 2 * (start + size))
            if len(ids) == size:
                return ids
        heard = _count(self.conn, self.asked, "heard")
        ids = self.ids(start, size, heard)
        never = self._matching("name").where(kiosk.c.id.not_in(select(thread.c.kiosk_id)))
        room = never.order_by(kiosk.c.name).limit(size - len(ids)).offset(max(0, start - heard))
        return ids + list(self.conn.scalars(room)) if len(ids) < size else ids

    def _matching(self, by: str) -> Select[Any]:
        if self.few is None:
            return _matching(self.asked, by)
        found = _matching(_Asked(KioskQuery(), EVERYWHERE), by)  # the few are in the scope
        return found.where(_KEYS[by].in_(self.few))


def _matching(asked: _Asked, by: str, *, count: bool = False) -> Select[Any]:
    """Ids (or their number) from the tables that filters and order speak of, and no other."""
    query = asked.query
    words = query.states or query.presences or query.verdicts
    names = query.site or query.regency or query.search.strip() or not asked.scope.everywhere
    tables: list[tuple[Table, ColumnElement[int]]] = []
    if by == "heard":
        tables.append((thread, thread.c.kiosk_id))
    if words or by in ("state", "since", "faults"):
        tables.append((kiosk_status, kiosk_status.c.kiosk_id))
    if names or not tables or by in ("name", "site"):
        tables.append((kiosk, kiosk.c.id))
    base, key = tables[0]
    found = select(func.count() if count else key).select_from(base)
    for other, other_key in tables[1:]:
        found = found.join(other, other_key == key)
    return found.where(*_filters(asked, key))
