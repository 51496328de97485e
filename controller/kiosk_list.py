"""The list of kiosks: filtered, sorted and paged by the database, quick at 84,000 rows.

Owns what may be asked (KioskQuery) and how it is asked. Never fetches more than one page: the
first query finds the ids by indexes alone, the second reads what is shown of them.
"""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from controller.paging import Page, check_page
from controller.store.tables import fault, kiosk, kiosk_status, site, thread
from controller.words import ANSWERS, PRESENCES, SERVICES, STATES, check_text, check_words

_STATUS_ID = kiosk_status.c.kiosk_id

# name -> columns and whether each descends, in the order a person expects first. The last
# column is unique, so that pages neither repeat nor skip a kiosk. `-name` turns all around.
_SORTS: Final[dict[str, tuple[tuple[ColumnElement[Any], bool], ...]]] = {
    "name": ((kiosk.c.name, False),),
    "site": ((site.c.name, False), (site.c.code, False), (kiosk.c.name, False)),
    "state": (
        (kiosk_status.c.state_rank, False),
        (kiosk_status.c.state_since, False),
        (_STATUS_ID, False),
    ),
    "since": ((kiosk_status.c.state_since, True), (_STATUS_ID, True)),
    "faults": ((kiosk_status.c.open_faults, True), (_STATUS_ID, True)),
    "heard": ((thread.c.last_heard, True), (_STATUS_ID, True)),
}
SORTS: Final = (*_SORTS, *(f"-{name}" for name in _SORTS))


@dataclass(frozen=True, kw_only=True)
class KioskQuery:
    """What to list. Filters join by AND, words within one by OR; an empty one lets all pass.

    Sorts: name and site A-Z, state worst first (longest first), since newest first, faults most
    first, heard latest first (never heard last, both ways); `-` before it turns it around.
    Raises BadQuestion for a word outside its set.
    """

    states: tuple[str, ...] = ()
    presences: tuple[str, ...] = ()
    regency: str = ""
    site: str = ""  # its code
    verdicts: tuple[tuple[str, str], ...] = field(default=())  # (service, answer)
    fault: str = ""  # code of an open fault
    search: str = ""  # part of the kiosk's or its site's name, whatever the case
    sort: str = "state"
    page: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        check_words("state", self.states, STATES)
        check_words("presence", self.presences, PRESENCES)
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


def list_kiosks(conn: Connection, query: KioskQuery) -> Page[KioskRow]:
    """One page of the kiosks that match, and how many match in all."""
    filters = _filters(query)
    total = conn.scalar(_from(filters, query, func.count(), sorts=False)) or 0
    ids = list(conn.scalars(_page_of_ids(filters, query)))
    return Page(rows_of(conn, ids), total, query.page, query.size)


def every_kiosk(conn: Connection, query: KioskQuery) -> list[KioskRow]:
    """Every match without paging, for exports; sorted by name."""
    return [
        KioskRow(*row)
        for row in conn.execute(_rows().where(*_filters(query)).order_by(kiosk.c.name))
    ]


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


def _filters(query: KioskQuery) -> list[ColumnElement[bool]]:
    status = kiosk_status.c
    wanted: list[ColumnElement[bool]] = []
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
        wanted.append(_STATUS_ID.in_(select(fault.c.kiosk_id).where(is_open)))
    if query.search.strip():
        wanted.append(_search(query.search.strip().lower()))
    return wanted


def _search(text: str) -> ColumnElement[bool]:
    called = func.lower(site.c.name).contains(text, autoescape=True)
    return or_(
        kiosk.c.name.contains(text, autoescape=True),
        kiosk.c.site_code.in_(select(site.c.code).where(called)),
    )


def _page_of_ids(filters: list[ColumnElement[bool]], query: KioskQuery) -> Select[Any]:
    backwards = query.sort.startswith("-")
    ordering = [
        (column.desc() if descends != backwards else column.asc())
        for column, descends in _SORTS[query.sort.removeprefix("-")]
    ]
    if query.sort.endswith("heard"):
        ordering[0] = ordering[0].nulls_last()
    found = _from(filters, query, _STATUS_ID, sorts=True).order_by(*ordering)
    return found.limit(query.size).offset((query.page - 1) * query.size)


def _from(
    filters: list[ColumnElement[bool]], query: KioskQuery, what: ColumnElement[Any], *, sorts: bool
) -> Select[Any]:
    """Joins only the tables that filters or order speak of: the rest would be read for nothing."""
    by = query.sort.removeprefix("-") if sorts else ""
    found = select(what).select_from(kiosk_status)
    if by in ("name", "site") or query.site or query.regency or query.search.strip():
        found = found.join(kiosk, kiosk.c.id == _STATUS_ID)
    if by == "site":
        found = found.join(site, site.c.code == kiosk.c.site_code)
    if by == "heard":
        found = found.outerjoin(thread, thread.c.kiosk_id == _STATUS_ID)
    return found.where(*filters)
