"""Officers move submissions on: one at a time or many, each by its version, with a sentence why.

Owns the writing of `submission` once it is there, and its events. A move is conditional on the
version somebody saw: of two officers the second is told what the first has done. What is said to a
citizen is shown on kiosks in plain: it may hold no number that names a person.
"""

import re
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, insert, update

from controller import changes
from controller.deeds import Doer
from controller.inbox import filing, known, limits, read
from controller.inbox.limits import Pace
from controller.inbox.shapes import Row
from controller.jobs.refused import Lacks, Refused
from controller.people import audit
from controller.people.powers import EVERYWHERE
from controller.store.citizen_tables import submission, submission_event
from controller.words import is_text
from wire.lifecycle import SUBMISSION
from wire.service.template import MOST_NUMBER

MOST_WHY: Final = 500
MOST_AT_ONCE: Final = 200
MOST_FILE_NUMBER: Final = MOST_NUMBER
TOPIC: Final = "inbox"  # of changes
NEED_WHY: Final = frozenset({"return", "reject", "reassign", "reopen", "withdraw"})
OFFICE: Final = "office"  # by whom, when a time is over
_DIGITS: Final = re.compile(r"(?:\d[ .,:_\-/\u2010-\u2015]?){9,}")
_IDENTITY: Final = re.compile(r"\d{16}")


class Asked(NamedTuple):
    """What an officer wants of one record. `version` is the one that was seen.

    `agency` of `reassign` alone; `file_number` the office's own, "" for the next of its service
    (controller/inbox/filing.py).
    """

    id: int
    version: int
    event: str
    why: str = ""
    agency: str = ""
    file_number: str = ""


class Outcome(NamedTuple):
    """What became of one of many; `code` "" when it was done."""

    id: int
    number: str
    code: str = ""
    why: str = ""


def may(row: Row) -> tuple[str, ...]:
    """The events that its state allows, in the order of the table."""
    return tuple(event for state, event in SUBMISSION if state == row.state)


def move(conn: Connection, by: Doer, asked: Asked, now: int) -> Row:
    """The row as it is now. Inside a `writing` transaction, last in it.

    Raises Refused (`unknown`, `state`: somebody was first or it cannot be done now, `why`,
    `private`, `asked`, `taken`: another record has that file number), Lacks and Outside.
    """
    audit.alone(conn)
    row = read.find(conn, by.scope, asked.id)
    why = checked(asked)
    if asked.event == "reassign":
        _may_assign(conn, by, row, asked.agency)
    asked = asked._replace(why=why)
    moved = _flip(conn, row, asked, by.person.login, now)
    for twin in read.twins(conn, row):
        followed = asked._replace(version=twin.version, file_number="")  # one file for all
        _flip(conn, twin, followed, by.person.login, now)
    filed = {"file_number": moved.file_number} if moved.file_number != row.file_number else {}
    _tell(conn, by, row, asked.event, now, new=moved.state, **filed)
    return moved


def move_many(conn: Connection, by: Doer, several: list[Asked], now: int) -> list[Outcome]:
    """Each by itself: one that cannot be moved holds none of the others up, nor is half moved.

    Raises Refused for what is wrong with all of them (`why`, `private`, `asked`), Lacks, Outside.
    """
    if not 0 < len(several) <= MOST_AT_ONCE:
        raise Refused("asked", f"choose 1 to {MOST_AT_ONCE} submissions")
    audit.alone(conn)  # before any part: a part that is taken back gives back what it locked
    found = []
    for one in several:
        row = read.find(conn, by.scope, one.id)
        try:
            with conn.begin_nested():  # one merged with it may be changed while we are at it
                move(conn, by, one, now)
        except Lacks:
            raise
        except Refused as error:
            if error.code != "state":
                raise
            found.append(Outcome(row.id, row.number, error.code, error.why))
        else:
            found.append(Outcome(row.id, row.number))
    return found


def take(conn: Connection, by: Doer, submission_id: int, version: int, now: int) -> Row:
    """In this officer's hands. Raises Refused (`unknown`, `state`) and Outside."""
    audit.alone(conn)
    row = read.find(conn, by.scope, submission_id)
    login = by.person.login
    if row.assigned_to == login:
        return row
    _update(conn, row, version, {"assigned_to": login})
    _write(conn, row, now, by=login, event="take", new=row.state)
    _tell(conn, by, row, "take", now)
    return read.find(conn, by.scope, row.id)


def expire(conn: Connection, submission_id: int, now: int) -> None:
    """Its time is over: a `ready` one is closed, a `returned` one lapses. As it stands now.

    Inside a `writing` transaction, last in it.
    """
    audit.alone(conn)
    row = read.find(conn, EVERYWHERE, submission_id)
    event = {"ready": "close", "returned": "lapse"}.get(row.state)
    if event is None:  # somebody was first
        return
    for one in (row, *read.twins(conn, row)):
        _flip(conn, one, Asked(one.id, one.version, event), OFFICE, now)
    changes.record(conn, TOPIC, None, str(row.id), now)
    detail = {"number": row.number, "old": row.state}
    subject = f"submission {row.id}"
    audit.append(conn, audit.Entry(OFFICE, f"inbox.{event}", subject, row.where, "", detail), now)


def checked(asked: Asked) -> str:
    """The sentence, trimmed. Raises Refused."""
    why = " ".join(asked.why.split())
    if not is_text(why) or len(why) > MOST_WHY:
        raise Refused("why", f"a reason is one line of at most {MOST_WHY} characters")
    if asked.event in NEED_WHY and not why:
        raise Refused("why", "say why: the citizen reads it")
    if names_somebody(why):
        raise Refused("private", "leave long numbers out: kiosks show this sentence to people")
    number = asked.file_number
    if len(number) > MOST_FILE_NUMBER or not is_text(number):
        raise Refused("asked", f"a file number has at most {MOST_FILE_NUMBER} characters")
    if _IDENTITY.search(number):
        raise Refused("private", "a file number holds nobody's identity number")
    return why


def names_somebody(text: str) -> bool:
    """Whether it has as many digits on end as an identity number or a telephone."""
    return _DIGITS.search(text) is not None


def pace_of(conn: Connection, row: Row) -> Pace:
    """Its tenant's working days, and how many of them its service promises."""
    service = known.service(conn, row.tenant, row.service, row.revision)
    days = service.standard.duration.working_days if service else None
    return Pace(known.read_calendar(conn, row.tenant), days)


def _flip(conn: Connection, row: Row, asked: Asked, by: str, now: int) -> Row:
    _check_version(row, asked.version)
    new = SUBMISSION.get((row.state, asked.event))
    if new is None:
        raise Refused("state", f"{asked.event} is not possible: it is {row.state}")
    limit = limits.NOTHING
    if row.same_as is None:  # a merged one has the clock of the other
        limit = limits.after(row.kind, new, row.limit, now, pace_of(conn, row))
    values: dict[str, Any] = {"state": new, "due_at": limit.due_at, "due_what": limit.what}
    if new != row.state:
        values["state_at"] = now
    values["file_number"] = filing.number_of(conn, row, asked.file_number.strip(), new, now)
    if asked.event == "reassign":
        values |= {"agency": asked.agency, "assigned_to": ""}
    elif not row.assigned_to and by != OFFICE:
        values["assigned_to"] = by
    _update(conn, row, asked.version, values)
    _write(conn, row, now, by=by, event=asked.event, new=new, why=asked.why)
    return row._replace(**values, version=row.version + 1)


def _update(conn: Connection, row: Row, version: int, values: dict[str, Any]) -> None:
    same = submission.c.id == row.id, submission.c.version == version
    query = update(submission).where(*same).values(**values, version=version + 1)
    if not conn.execute(query).rowcount:
        raise _overtaken(row)


def _check_version(row: Row, version: int) -> None:
    if row.version != version:
        raise _overtaken(row)


def _overtaken(row: Row) -> Refused:
    who = row.assigned_to or "somebody"
    return Refused("state", f"{row.number} was changed meanwhile ({who}): look at it again")


def _write(conn: Connection, row: Row, now: int, **said: str) -> None:
    values = {"submission_id": row.id, "at": now, "old": row.state, **said}
    conn.execute(insert(submission_event).values(**values))


def _may_assign(conn: Connection, by: Doer, row: Row, agency: str) -> None:
    """Raises Lacks and Refused (`asked`)."""
    if not by.person.may("inbox.assign", row.where):
        raise Lacks("inbox.assign")
    found = known.read(conn).agencies
    if (row.tenant, agency) not in found:
        raise Refused("asked", f"{row.tenant} has no agency {agency[:32]!r}")
    if agency == row.agency:
        raise Refused("asked", "it is that agency's already")


def _tell(conn: Connection, by: Doer, row: Row, what: str, now: int, **more: str) -> None:
    """To whoever looks, and to the log."""
    changes.record(conn, TOPIC, None, str(row.id), now)
    detail = {"number": row.number, "old": row.state, **more}
    entry = audit.Entry(
        by.person.login, f"inbox.{what}", f"submission {row.id}", row.where, by.address, detail
    )
    audit.append(conn, entry, now)
