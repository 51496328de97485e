"""What a kiosk is told for its citizens: how theirs stands, who comes when, what was reported.

One query each, nothing about a person in any of them. What the kiosk says of itself on the way
(tickets given out, records still waiting) is written down, and that somebody calls an officer.
"""

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from starlette.requests import Request
from starlette.responses import Response

from controller.assist import books as assist
from controller.counters import books as counters
from controller.door.bulk import Bulk
from controller.door.caller import Caller
from controller.door.desk import Desk
from controller.door.refusals import Refused, json
from controller.notices import books as notices
from controller.people.powers import Scope
from controller.scope import within
from controller.store.citizen_tables import (
    counter,
    is_open,
    submission,
    submission_event,
    tray,
    visit,
)
from controller.store.engine import upsert
from controller.store.tables import kiosk
from wire.citizen import Call, Called, Issued, Reported, Standing, Sync, Told, Visit
from wire.lifecycle import SUBMISSION, SUBMISSION_ENDS
from wire.service.days import DAY_MS

KEPT_DAYS: Final = 60  # so long after it ended a citizen may still ask
AHEAD_DAYS: Final = 60  # of the mobile counter
NEAR_DAYS: Final = 90  # a complaint older than this is no hint any more
MOST_STANDINGS: Final = 700  # all of it together fits into MOST_SYNC
MOST_WHY: Final = 200  # characters
MOST_VISITS: Final = 300
MOST_REPORTED: Final = 300
MOST_DAYS: Final = 2  # of tickets: today's, and yesterday's around midnight
MOST_WAITING: Final = 1_000_000
MOST_TICKETS: Final = 10_000  # of a letter on a day
S = TypeVar("S", bound=msgspec.Struct)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LETTER: Final = re.compile(r"[A-Z]", re.ASCII)
_EVENTS: Final = tuple(sorted({event for _, event in SUBMISSION}))


class Citizens:
    """`clock` gives milliseconds since 1970."""

    def __init__(self, desk: Desk, bulk: Bulk, clock: Callable[[], int]) -> None:
        self._desk, self._bulk, self._clock = desk, bulk, clock

    async def sync(self, request: Request) -> Response:
        """POST Told -> Sync."""
        caller, told = await self._said(request, Told)
        now = self._clock()
        await self._desk.write(lambda conn: write_down(conn, caller.kiosk, told, now))
        return json(await self._desk.read(lambda conn: sync(conn, caller.kiosk, now)))

    async def call(self, request: Request) -> Response:
        """POST Call -> Coming."""
        caller, call = await self._said(request, Call)
        now = self._clock()
        return json(await self._desk.write(lambda conn: assist.ring(conn, caller.kiosk, call, now)))

    async def _said(self, request: Request, kind: type[S]) -> tuple[Caller, S]:
        """Raises Refused."""
        caller = await self._bulk.caller(request)
        try:
            return caller, msgspec.json.decode(await request.body(), type=kind)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Refused("malformed", f"not the JSON of {kind.__name__}: {error}"[:200]) from None


def write_down(conn: Connection, name: str, told: Told, now: int) -> None:
    """Inside a `writing` transaction."""
    number = conn.scalar(select(kiosk.c.id).where(kiosk.c.name == name))
    values = {
        "kiosk_id": number,
        "waiting": min(told.waiting, MOST_WAITING),
        "oldest": told.oldest,
        "at": now,
    }
    conn.execute(upsert(conn, tray, ("kiosk_id",)).values(**values))
    tickets = {(one.day, one.letter): one.number for one in _latest(told.issued)}
    if number is not None and tickets:
        counters.issued(conn, number, tickets, now)


def sync(conn: Connection, name: str, now: int) -> Sync:
    """Of a kiosk that there is."""
    query = select(kiosk.c.id, kiosk.c.site_code).where(kiosk.c.name == name)
    mine = conn.execute(query).one()
    return Sync(
        at=now,
        standings=standings(conn, submission.c.kiosk_id == mine.id, now),
        visits=_visits(conn, mine.site_code, now),
        reported=_reported(conn, mine.site_code, now),
        called=_called(conn, mine.id, now),
        notices=notices.told(conn, mine.site_code, _above(mine.site_code), now),
        coming=assist.coming(conn, mine.id, now),
    )


def standings(conn: Connection, which: ColumnElement[bool], now: int) -> tuple[Standing, ...]:
    """Newest first; those that ended long ago are left out. `why`: what officers last said."""
    names = ("number", "service", "state", "state_at", "due_at", "file_number")
    said = (
        select(submission_event.c.why)
        .where(
            submission_event.c.submission_id == submission.c.id,
            submission_event.c.new == submission.c.state,
            submission_event.c.event.in_(_EVENTS),
        )
        .order_by(submission_event.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    alive = or_(
        submission.c.state.not_in(SUBMISSION_ENDS),
        submission.c.state_at > now - KEPT_DAYS * DAY_MS,
    )
    query = select(*(submission.c[one] for one in names), said.label("why")).where(which, alive)
    query = query.order_by(submission.c.state_at.desc(), submission.c.id.desc())
    rows = conn.execute(query.limit(MOST_STANDINGS))
    return tuple(_standing(row) for row in rows)


def _standing(row: Any) -> Standing:
    return Standing(
        number=row.number,
        service=row.service,
        state=row.state,
        since=row.state_at,
        due=row.due_at or 0,
        why=(row.why or "")[:MOST_WHY],
        file_number=row.file_number,
    )


def _visits(conn: Connection, site: str, now: int) -> tuple[Visit, ...]:
    """Of the governments that hold this place, from today on."""
    names = [name for name in Visit.__struct_fields__ if name != "services"]
    query = select(*(visit.c[name] for name in names), visit.c.services)
    soon = and_(visit.c.ends > now - DAY_MS, visit.c.starts < now + AHEAD_DAYS * DAY_MS)
    query = query.where(visit.c.tenant.in_(_above(site)), soon)
    rows = conn.execute(query.order_by(visit.c.starts, visit.c.uid).limit(MOST_VISITS))
    return tuple(Visit(**{**row, "services": tuple(row["services"])}) for row in rows.mappings())


def _reported(conn: Connection, site: str, now: int) -> tuple[Reported, ...]:
    """Open complaints of this place and those of its villages, counted."""
    here = within(Scope((site,)), submission.c.place)
    fresh = submission.c.arrived_at > now - NEAR_DAYS * DAY_MS
    groups = (submission.c.category, submission.c.place)
    counted = (
        select(
            *groups,
            func.count().label("many"),
            func.max(submission.c.arrived_at).label("newest"),
            func.min(submission.c.id).label("oldest"),
        )
        .where(
            submission.c.kind == "complain",
            is_open,
            submission.c.same_as.is_(None),
            here,
            fresh,
        )
        .group_by(*groups)
        .subquery()
    )
    query = select(counted, submission.c.number).join(
        submission, submission.c.id == counted.c.oldest
    )
    query = query.order_by(counted.c.newest.desc(), counted.c.oldest)
    rows = conn.execute(query.limit(MOST_REPORTED))
    return tuple(
        Reported(
            category=row.category,
            village=row.place,
            count=row.many,
            newest=row.newest,
            number=row.number,
        )
        for row in rows
    )


def _called(conn: Connection, kiosk_id: int, now: int) -> tuple[Called, ...]:
    names = ("day", "letter", "called")
    query = select(*(counter.c[name] for name in names)).where(
        counter.c.kiosk_id == kiosk_id, counter.c.changed_at > now - DAY_MS, counter.c.called > 0
    )
    rows = conn.execute(query.order_by(counter.c.day.desc(), counter.c.letter).limit(26))
    return tuple(Called(day=row.day, letter=row.letter, number=row.called) for row in rows)


def _above(code: str) -> list[str]:
    """The code and every shorter one that holds it: 32.73.05 -> 32, 32.73, 32.73.05."""
    parts = code.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _latest(issued: tuple[Issued, ...]) -> list[Issued]:
    sound = [one for one in issued if _DAY.fullmatch(one.day) and _LETTER.fullmatch(one.letter)]
    days = sorted({one.day for one in sound})[-MOST_DAYS:]
    return [one for one in sound if one.day in days and one.number < MOST_TICKETS]
