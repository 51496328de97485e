"""The queue at each kiosk's counter: how many tickets it gave out today, and who is served now.

Owns the table `counter`; what was issued is as the kiosk last told. A number is called by whoever
saw the one before it: of two officers who press at once, one is told. Calling a number that the
kiosk has not told of yet is no mistake: its word comes minutes after its paper.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select, update

from controller import changes, nudges
from controller.deeds import Doer
from controller.jobs.refused import MISSING, Refused
from controller.people import audit
from controller.people.powers import Scope
from controller.scope import Outside
from controller.store.citizen_tables import counter as table
from controller.store.engine import insert_new, upsert
from controller.store.tables import kiosk

WIB: Final = timezone(timedelta(hours=7))  # the day of every counter we serve
MOST_CALLED: Final = 999  # as on the paper: three digits
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Asked(NamedTuple):
    """Call `number` of a letter; `seen` is the one that was being served, 0 for none."""

    kiosk: str
    letter: str
    seen: int
    number: int


class _Here(NamedTuple):
    id: int
    site_code: str


def day_of(now: int) -> str:
    """YYYY-MM-DD."""
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(WIB).date().isoformat()


def call(conn: Connection, asked: Asked, doer: Doer, now: int) -> None:
    """The kiosk shows it in a few seconds where there is a line: whoever commits rings the bell.

    Raises Refused (`unknown`, `number`, `state`: somebody called meanwhile) and Outside. Inside a
    `writing` transaction, last in it.
    """
    its = _find(conn, asked.kiosk, doer.scope)
    if len(asked.letter) != 1 or asked.letter not in LETTERS:
        raise Refused("number", "a queue is one letter from A to Z")
    if not 1 <= asked.number <= MOST_CALLED:
        raise Refused("number", f"numbers go from 1 to {MOST_CALLED}")
    row: dict[str, Any] = {"kiosk_id": its.id, "day": day_of(now), "letter": asked.letter}
    if not asked.seen:
        conn.execute(insert_new(conn, table).values(**row, changed_at=now))
    same = [table.c[name] == value for name, value in row.items()]
    called = update(table).where(*same, table.c.called == asked.seen)
    if not conn.execute(called.values(called=asked.number, changed_at=now)).rowcount:
        raise Refused("state", "somebody has called another number meanwhile")
    changes.record(conn, "counter", its.id, asked.letter, now)
    nudges.ask(conn, its.id, now)
    detail = {"number": f"{asked.letter}-{asked.number:03}"}
    entry = audit.Entry(doer.person.login, "counter.call", asked.kiosk, its.site_code, doer.address)
    audit.append(conn, entry._replace(detail=detail), now)


def issued(conn: Connection, kiosk_id: int, told: Mapping[tuple[str, str], int], now: int) -> None:
    """What a kiosk tells: the newest number by day and letter. Only what is new is written."""
    ours = (table.c.kiosk_id == kiosk_id, table.c.day.in_({day for day, _ in told}))
    rows = conn.execute(select(table.c.day, table.c.letter, table.c.issued).where(*ours))
    known = {(row.day, row.letter): row.issued for row in rows}
    key, changed = ("kiosk_id", "day", "letter"), ("issued", "changed_at")
    for (day, letter), number in told.items():
        if known.get((day, letter)) == number:
            continue
        row = {"kiosk_id": kiosk_id, "day": day, "letter": letter, "issued": number}
        conn.execute(upsert(conn, table, key, changed).values(**row, changed_at=now))
        changes.record(conn, "counter", kiosk_id, letter, now)


def _find(conn: Connection, name: str, scope: Scope) -> _Here:
    query = select(kiosk.c.id, kiosk.c.site_code).where(kiosk.c.name == name)
    row = conn.execute(query).one_or_none()
    if row is None:
        raise Refused(MISSING, f"there is no kiosk {name[:64]!r}")
    found = _Here(*row)
    if not scope.holds(found.site_code):
        raise Outside(f"kiosk {name}", found.site_code)
    return found
