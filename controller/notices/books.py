"""Notices of the office: a sentence or two that kiosks of some places show from one moment on.

Owns the table `notice`. Whoever writes does so in their own districts alone. A notice is never
changed under citizens' eyes: it is ended, and another one is written. Kiosks hear of it days ahead,
so one without a line begins and ends it by its own clock. Rows go KEPT_DAYS after their end
with the one retention (controller/registrar).
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from controller import changes
from controller.deeds import Doer
from controller.jobs.refused import MISSING, Refused
from controller.people import audit
from controller.people.powers import Scope, holds
from controller.scope import Outside
from controller.services.said import unreadable
from controller.store.citizen_tables import notice as table
from controller.visits.whose import Whose
from wire.citizen import MOST_NOTICE, MOST_NOTICES, Notice
from wire.service import text
from wire.service.days import DAY_MS
from wire.service.document import Words

AHEAD_MS: Final = 3 * DAY_MS  # kiosks are told so long before it begins
LONGEST_MS: Final = 90 * DAY_MS
KEPT_DAYS: Final = 365  # after its end
MOST_OPEN: Final = 200  # of a government, not over yet
POWER: Final = "notice.write"


class Typed(NamedTuple):
    """As handed in. `places`: codes of kecamatan, or the government's own for all of it."""

    places: Sequence[str]
    id: str
    su: str
    en: str
    starts: int
    ends: int


class Written(NamedTuple):
    """`id` in the books."""

    id: int
    tenant: str
    places: tuple[str, ...]
    notice: Notice
    by: str


def write(conn: Connection, typed: Typed, whose: Whose, doer: Doer, now: int) -> int:
    """Its number. Raises Unreadable, Refused `many`, and Outside.

    Inside a `writing` transaction, last in it.
    """
    notice, places = _read(typed, whose, now)
    for place in places:
        if not doer.scope.holds(place):
            raise Outside("a notice", place)
    tenant = whose.tenant.code
    open_ = select(func.count()).where(table.c.tenant == tenant, table.c.ends > now)
    if (conn.scalar(open_) or 0) >= MOST_OPEN:
        raise Refused("many", f"at most {MOST_OPEN} notices at once")
    row: dict[str, Any] = {
        "tenant": tenant, "places": list(places), "words": msgspec.to_builtins(notice.words),
        "starts": notice.starts, "ends": notice.ends,
        "changed_at": now, "changed_by": doer.person.login,
    }  # fmt: skip
    number = conn.execute(insert(table).values(row)).inserted_primary_key
    changes.record(conn, "notice", None, tenant, now)
    detail = {"until": notice.ends, "text": notice.words.id}
    entry = audit.Entry(doer.person.login, POWER, ", ".join(places), places[0], doer.address)
    audit.append(conn, entry._replace(detail=detail), now)
    return int(number[0]) if number else 0


def end(conn: Connection, number: int, doer: Doer, now: int) -> None:
    """Kiosks hear of it with their next word from the office.

    Raises Refused `unknown`, and Outside. Inside a `writing` transaction, last in it.
    """
    row = conn.execute(select(table).where(table.c.id == number)).one_or_none()
    if row is None:
        raise Refused(MISSING, f"there is no notice {number}")
    for place in row.places:
        if not doer.scope.holds(place):
            raise Outside(f"notice {number}", place)
    still = (table.c.id == number, table.c.ends > now)
    mark = {"ends": now, "changed_at": now, "changed_by": doer.person.login}
    if conn.execute(update(table).where(*still).values(**mark)).rowcount:
        changes.record(conn, "notice", None, row.tenant, now)
        subject = f"notice {number}"
        entry = audit.Entry(doer.person.login, "notice.end", subject, row.places[0], doer.address)
        audit.append(conn, entry, now)


def shown(conn: Connection, scope: Scope, now: int) -> list[Written]:
    """Those that are not over and touch these districts, soonest first."""
    query = select(table).where(table.c.ends > now).order_by(table.c.starts, table.c.id)
    found = [_written(row) for row in conn.execute(query)]
    return [one for one in found if _touches(scope, one.places)]


def told(conn: Connection, site: str, tenants: Iterable[str], now: int) -> tuple[Notice, ...]:
    """What a kiosk at that site shows now or soon, the newest where there are too many."""
    soon = (table.c.ends > now, table.c.starts < now + AHEAD_MS)
    query = select(table).where(table.c.tenant.in_(list(tenants)), *soon)
    rows = conn.execute(query.order_by(table.c.starts.desc(), table.c.id.desc()))
    here = [row for row in rows if any(holds(place, site) for place in row.places)]
    return tuple(_written(row).notice for row in here[:MOST_NOTICES])


def _read(typed: Typed, whose: Whose, now: int) -> tuple[Notice, tuple[str, ...]]:
    """Raises Unreadable."""
    words = [text.line(one) for one in (typed.id, typed.su, typed.en)]
    if not words[0] or any(len(one) > MOST_NOTICE for one in words):
        raise unreadable(
            f"Tulis pengumuman dalam bahasa Indonesia, paling panjang {MOST_NOTICE} huruf.",
            f"Write the notice in Indonesian, at most {MOST_NOTICE} letters.",
        )
    if not now < typed.ends <= typed.starts + LONGEST_MS or typed.starts >= typed.ends:
        raise unreadable(
            "Akhirnya harus setelah awalnya, belum lewat, dan paling lama 90 hari.",
            "Its end must be after its beginning, ahead, and within 90 days.",
        )
    known = {whose.tenant.code, *(one.code for one in whose.places.districts)}
    places = tuple(sorted(set(typed.places)))
    if not places or not set(places) <= known:
        raise unreadable("Pilih kecamatan.", "Choose districts.")
    return Notice(words=Words(*words), starts=typed.starts, ends=typed.ends), places


def _written(row: Any) -> Written:
    notice = Notice(words=Words(**row.words), starts=row.starts, ends=row.ends)
    return Written(row.id, row.tenant, tuple(row.places), notice, row.changed_by)


def _touches(scope: Scope, places: Iterable[str]) -> bool:
    """Theirs, or of a place that holds theirs, or in it."""
    return any(
        holds(mine, place) or holds(place, mine) for place in places for mine in scope.districts
    )
