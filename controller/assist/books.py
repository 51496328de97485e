"""Calls for an officer: a citizen stands at a kiosk and wants somebody to come.

Owns the table `assist`. One call stands at a kiosk at a time, however often it is said; it ends
when somebody takes it on, or by itself when nobody did in time. A kiosk that calls often is
braked: a child plays with it, or its telephone number would have helped more. One that was shut
out has no citizen who calls. A row from beyond a clock that was put back is as old as it is ahead.
What the citizen typed never comes here; rows go with the one retention (controller/registrar).
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from controller import changes, nudges
from controller.deeds import Doer
from controller.identity.states import SHUT
from controller.jobs.refused import MISSING, Refused
from controller.people import audit
from controller.people.powers import Scope
from controller.scope import Outside, sites_within
from controller.store.citizen_tables import assist as table
from controller.store.identity_tables import identity
from controller.store.tables import kiosk, site
from wire.citizen import Call, Coming
from wire.service.days import MINUTE_MS

STANDS_MS: Final = 10 * MINUTE_MS  # then nobody came, and the citizen was told
SHOWN_MS: Final = 15 * MINUTE_MS  # the kiosk is told of one that was made, as long as this
HOUR_MS: Final = 60 * MINUTE_MS
MOST_AN_HOUR: Final = 6  # of one kiosk
KEPT_DAYS: Final = 30
MOST: Final = 20  # shown at once
POWER: Final = "assist.take"


class Standing(NamedTuple):
    """One that nobody has taken on yet. `page`: the first word of its address, "" for home."""

    id: int
    kiosk: str
    site_code: str
    site_name: str
    page: str
    at: int


def ring(conn: Connection, name: str, call: Call, now: int) -> Coming:
    """What the kiosk is answered. Inside a `writing` transaction, last in it."""
    here = conn.execute(select(kiosk.c.id, kiosk.c.site_code).where(kiosk.c.name == name)).one()
    mine = table.c.kiosk_id == here.id
    known = select(table).where(mine).order_by((table.c.uid == call.id).desc(), table.c.id.desc())
    last = conn.execute(known.limit(1)).first()
    if last is not None and (last.uid == call.id or _stands(last, now)):
        return _coming(last, now)
    lately = select(func.count()).select_from(table).where(mine, _within(HOUR_MS, now))
    if (conn.scalar(lately) or 0) >= MOST_AN_HOUR:
        return Coming(id=call.id, state="many", since=now)
    row = {"kiosk_id": here.id, "uid": call.id, "page": call.page, "at": now}
    conn.execute(insert(table).values(row))
    changes.record(conn, "assist", here.id, "open", now)
    entry = audit.Entry(f"kiosk {name}", "assist.call", name, here.site_code)
    audit.append(conn, entry._replace(detail={"page": call.page}), now)
    return Coming(id=call.id, state="open", since=now)


def take(conn: Connection, number: int, doer: Doer, now: int) -> None:
    """The doer comes, and the kiosk hears it at once: whoever commits rings the bell.

    Raises Refused (`unknown`, `state`: taken on, or over) and Outside. Inside a `writing`
    transaction, last in it.
    """
    query = select(table.c.kiosk_id, kiosk.c.name, kiosk.c.site_code).join(kiosk)
    row = conn.execute(query.where(table.c.id == number)).one_or_none()
    if row is None:
        raise Refused(MISSING, f"there is no call {number}")
    if not doer.scope.holds(row.site_code):
        raise Outside(f"a call of kiosk {row.name}", row.site_code)
    still = (table.c.id == number, table.c.taken_at.is_(None), _within(STANDS_MS, now))
    mark = {"taken_at": now, "taken_by": doer.person.login}
    if not conn.execute(update(table).where(*still).values(**mark)).rowcount:
        raise Refused("state", "somebody has taken it on, or it is over")
    changes.record(conn, "assist", row.kiosk_id, "taken", now)
    nudges.ask(conn, row.kiosk_id, now)
    entry = audit.Entry(doer.person.login, POWER, row.name, row.site_code, doer.address)
    audit.append(conn, entry._replace(detail={"call": number}), now)


def standing(conn: Connection, scope: Scope, now: int) -> list[Standing]:
    """Those that wait for somebody in these districts, longest first."""
    query = (
        select(table.c.id, kiosk.c.name, site.c.code, site.c.name.label("place"),
               table.c.page, table.c.at)
        .select_from(table.join(kiosk).join(site, site.c.code == kiosk.c.site_code))
        .outerjoin(identity, identity.c.kiosk_id == kiosk.c.id)
        .where(table.c.taken_at.is_(None), _within(STANDS_MS, now))
        .where(or_(identity.c.state.is_(None), identity.c.state.not_in(SHUT)))
        .where(*sites_within(scope, kiosk.c.site_code))
    )  # fmt: skip
    return [
        Standing(*row) for row in conn.execute(query.order_by(table.c.at, table.c.id).limit(MOST))
    ]


def coming(conn: Connection, kiosk_id: int, now: int) -> Coming | None:
    """How the newest call of a kiosk stands, as long as somebody may stand there for it."""
    fresh = (table.c.kiosk_id == kiosk_id, _within(SHOWN_MS, now))
    query = select(table).where(*fresh).order_by(table.c.id.desc()).limit(1)
    last = conn.execute(query).first()
    return None if last is None else _coming(last, now)


def _within(span: int, now: int) -> ColumnElement[bool]:
    return and_(table.c.at > now - span, table.c.at < now + span)


def _stands(row: Any, now: int) -> bool:
    return row.taken_at is None and abs(now - row.at) < STANDS_MS


def _coming(row: Any, now: int) -> Coming:
    if row.taken_at is not None:
        return Coming(id=row.uid, state="taken", since=row.taken_at)
    if _stands(row, now):
        return Coming(id=row.uid, state="open", since=row.at)
    return Coming(id=row.uid, state="over", since=row.at + STANDS_MS)
