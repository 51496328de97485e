"""What people do about faults, done in their own name and written down in the same transaction.

Owns the words `fault.take` and `fault.note` of the audit log. What may be done is decided by the
fault desk and the scope; here it is done by somebody.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from controller import fault_desk
from controller.fault_desk import Acknowledged, Note
from controller.people import audit
from controller.people.powers import Person, Scope


class Doer(NamedTuple):
    """Who does something, from which address, and where that person may."""

    person: Person
    scope: Scope
    address: str


def take(conn: Connection, by: Doer, fault_ids: Iterable[int], now: int) -> list[Acknowledged]:
    """Put them down as in this person's hands: all of them or none.

    Raises NoSuchFault and Outside before anything is written. Taking on again is no deed.
    """
    rows = [fault_desk.find_fault(conn, by.scope, one) for one in fault_ids]
    done = [fault_desk.acknowledge(conn, by.scope, row.id, name_of(by.person), now) for row in rows]
    entries = [
        _entry(by, "fault.take", row) for row, one in zip(rows, done, strict=True) if one.first
    ]
    audit.append_all(conn, entries, now)
    return done


def leave_note(conn: Connection, by: Doer, fault_id: int, text: str, now: int) -> Note:
    """Raises NoSuchFault, Outside, and ValueError for an empty or endless text."""
    row = fault_desk.find_fault(conn, by.scope, fault_id)
    made = fault_desk.add_note(conn, by.scope, fault_id, who=name_of(by.person), text=text, now=now)
    audit.append(conn, _entry(by, "fault.note", row, note=made.id), now)
    return made


def name_of(person: Person) -> str:
    """As colleagues read it."""
    return person.name.strip() or person.login


def _entry(by: Doer, what: str, row: fault_desk.FaultRow, **more: int) -> audit.Entry:
    return audit.Entry(
        who=by.person.login,
        what=what,
        subject=f"fault {row.id}",
        district=row.site_code,
        address=by.address,
        detail={"kiosk": row.kiosk, "code": row.code, **more},
    )
