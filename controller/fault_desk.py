"""The desk where people look through faults, take them on and leave notes.

Owns the columns `acked_*` and the notes. Never opens or clears a fault: the judge does. Taking
on is conditional on nobody having done so: the second person learns who was first.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, func, insert, select, update

from controller import changes
from controller.kiosk_list import called_like
from controller.paging import Page, check_page
from controller.people.powers import Scope
from controller.scope import Outside, check_kiosk, check_site, kiosks_within
from controller.store.tables import fault, fault_note, kiosk, site
from controller.words import SEVERITIES, check_text, check_words, is_text

CONDITIONS: Final = ("open", "cleared", "all")
MOST_WHO: Final = 80
MOST_NOTE: Final = 2000

_RANK = case(
    {severity: rank for rank, severity in enumerate(SEVERITIES)},
    value=fault.c.severity,
    else_=len(SEVERITIES),
)


class NoSuchFault(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """Nobody knows a fault of this number: the asker is wrong."""


@dataclass(frozen=True, kw_only=True)
class FaultQuery:
    """Open faults come worst first and newest first within; others latest first.

    Raises BadQuestion for a word outside its set.
    """

    condition: str = "open"
    severities: tuple[str, ...] = ()
    code: str = ""
    acked: bool | None = None
    kiosk: str = ""  # its name
    search: str = ""  # part of the kiosk's or its site's name, whatever the case
    site: str = ""  # its code
    page: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        check_words("condition", [self.condition], CONDITIONS)
        check_words("severity", self.severities, SEVERITIES)
        for name in ("code", "kiosk", "search", "site"):
            check_text(name, getattr(self, name))
        check_page(self.page, self.size)


class FaultRow(NamedTuple):
    """Times are milliseconds since 1970. `evidence` is the observation that decided."""

    id: int
    kiosk: str
    site_code: str
    site_name: str
    code: str
    severity: str
    opened_at: int
    cleared_at: int | None
    why: str
    clear_why: str | None
    acked_at: int | None
    acked_by: str | None
    evidence: dict[str, Any]


class Note(NamedTuple):
    id: int
    at: int
    who: str
    text: str


class Acknowledged(NamedTuple):
    """Who has the fault in hand since when; `first` when this very call made it so."""

    first: bool
    by: str
    at: int


def list_faults(conn: Connection, scope: Scope, query: FaultQuery) -> Page[FaultRow]:
    """One page of the faults that match. Raises Outside for a site or kiosk that is not theirs."""
    check_site(scope, query.site)
    check_kiosk(conn, scope, query.kiosk)
    filters = [*_filters(query), *kiosks_within(scope, fault.c.kiosk_id)]
    total = conn.scalar(_joined(select(func.count()), query).where(*filters)) or 0
    ids = _joined(select(fault.c.id), query).where(*filters).order_by(*_order(query.condition))
    start = (query.page - 1) * query.size
    page = list(conn.scalars(ids.limit(query.size).offset(start)))
    found = {row.id: FaultRow(*row) for row in conn.execute(_rows().where(fault.c.id.in_(page)))}
    return Page([found[one] for one in page if one in found], total, query.page, query.size)


def find_fault(conn: Connection, scope: Scope, fault_id: int) -> FaultRow:
    """Raises NoSuchFault and Outside."""
    row = conn.execute(_rows().where(fault.c.id == fault_id)).one_or_none()
    if row is None:
        raise NoSuchFault(fault_id)
    found = FaultRow(*row)
    if not scope.holds(found.site_code):
        raise Outside(f"fault {fault_id}", found.site_code)
    return found


def acknowledge(conn: Connection, scope: Scope, fault_id: int, who: str, now: int) -> Acknowledged:
    """Put `who` down as the one who has it in hand, unless somebody is. Again is no harm.

    Raises NoSuchFault, Outside, and ValueError for an empty or endless name.
    """
    who = _person(who)
    find_fault(conn, scope, fault_id)
    taken = conn.execute(
        update(fault)
        .where(fault.c.id == fault_id, fault.c.acked_at.is_(None))
        .values(acked_at=now, acked_by=who)
    )
    if taken.rowcount == 1:
        _tell(conn, fault_id, "acknowledged", now)
        return Acknowledged(first=True, by=who, at=now)
    row = find_fault(conn, scope, fault_id)  # anew: whoever was first is in it
    return Acknowledged(first=False, by=row.acked_by or "", at=row.acked_at or 0)


def add_note(
    conn: Connection, scope: Scope, fault_id: int, *, who: str, text: str, now: int
) -> Note:
    """Raises NoSuchFault, Outside, and ValueError for an empty or endless name or text."""
    who, text = _person(who), text.replace("\r\n", "\n").strip()
    if not is_text(text.replace("\n", "").replace("\t", "")):
        raise ValueError("a note is text: no control characters")
    if not 0 < len(text) <= MOST_NOTE:
        raise ValueError(f"a note has 1 to {MOST_NOTE} characters")
    find_fault(conn, scope, fault_id)
    values = {"fault_id": fault_id, "at": now, "who": who, "text": text}
    made = conn.scalar(insert(fault_note).values(values).returning(fault_note.c.id))
    _tell(conn, fault_id, "note", now)
    return Note(made or 0, now, who, text)


def notes(conn: Connection, fault_id: int) -> list[Note]:
    """Oldest first."""
    columns = [fault_note.c[name] for name in Note._fields]
    query = select(*columns).where(fault_note.c.fault_id == fault_id).order_by(fault_note.c.id)
    return [Note(*row) for row in conn.execute(query)]


def _rows() -> Select[Any]:
    return (
        select(
            fault.c.id,
            kiosk.c.name,
            kiosk.c.site_code,
            site.c.name,
            *(fault.c[name] for name in FaultRow._fields[4:]),
        )
        .join_from(fault, kiosk, kiosk.c.id == fault.c.kiosk_id)
        .join(site, site.c.code == kiosk.c.site_code)
    )


def _joined(query: Select[Any], asked: FaultQuery) -> Select[Any]:
    query = query.select_from(fault)
    if asked.site:
        query = query.join(kiosk, kiosk.c.id == fault.c.kiosk_id)
    return query


def _order(condition: str) -> tuple[ColumnElement[Any], ...]:
    if condition == "open":
        return _RANK, fault.c.opened_at.desc(), fault.c.id.desc()
    latest = fault.c.cleared_at if condition == "cleared" else fault.c.opened_at
    return latest.desc(), fault.c.id.desc()


def _filters(query: FaultQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.condition == "open":
        wanted.append(fault.c.cleared_at.is_(None))
    elif query.condition == "cleared":
        wanted.append(fault.c.cleared_at.is_not(None))
    if query.severities:
        wanted.append(fault.c.severity.in_(query.severities))
    if query.code:
        wanted.append(fault.c.code == query.code)
    if query.acked is not None:
        wanted.append(fault.c.acked_at.is_not(None) if query.acked else fault.c.acked_at.is_(None))
    if query.kiosk:
        named = select(kiosk.c.id).where(kiosk.c.name == query.kiosk).scalar_subquery()
        wanted.append(fault.c.kiosk_id == named)
    if query.search.strip():
        found = select(kiosk.c.id).where(called_like(query.search))
        wanted.append(fault.c.kiosk_id.in_(found))
    if query.site:
        wanted.append(kiosk.c.site_code == query.site)
    return wanted


def _person(who: str) -> str:
    who = who.strip()
    if not 0 < len(who) <= MOST_WHO or not is_text(who):
        raise ValueError(f"a person's name has 1 to {MOST_WHO} characters, no control characters")
    return who


def _tell(conn: Connection, fault_id: int, detail: str, now: int) -> None:
    kiosk_id = conn.scalar(select(fault.c.kiosk_id).where(fault.c.id == fault_id))
    changes.record(conn, "fault", kiosk_id, detail, now)
