"""Faults as rows: opened, cleared, and what is on its way in or out.

Owns `fault` (but for acknowledgements and notes, see fault_desk.py) and `suspicion`. Decides
nothing: the judge did. A fault is cleared only while it is open, and opened only where none is.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, select, update

from controller.effects import FaultTurn, Row
from controller.known import Known, Standing
from controller.store.engine import insert_new, upsert
from controller.store.tables import fault, kiosk, suspicion


def store_turns(conn: Connection, turns: Iterable[FaultTurn]) -> None:
    """One batch: clears of what was open before first, so that a code may open again in it."""
    opened: dict[tuple[int, str], Row] = {}
    inserts: list[Row] = []
    clears: list[Row] = []
    for turn in turns:
        key = (turn.kiosk_id, turn.code)
        if turn.opened:
            opened[key] = dict(turn.row)
            inserts.append(opened[key])
        elif key in opened:
            opened.pop(key).update(turn.row)
        else:
            clears.append({"k": turn.kiosk_id, "c": turn.code, **turn.row})
    if clears:
        conn.execute(update(fault).where(_open_fault()), clears)
    if inserts:
        conn.execute(insert_new(conn, fault), inserts)


def store_suspicions(conn: Connection, pairs: Iterable[tuple[Known, Known]]) -> None:
    """Write what differs between a kiosk as stored and as it is now."""
    rows, gone = [], []
    for before, after in pairs:
        if before.faults == after.faults:
            continue
        for code, standing in after.faults.items():
            if standing.state != "open" and standing != before.faults.get(code):
                rows.append(_row(after.id, code, standing))
        gone += [
            {"k": after.id, "c": code}
            for code, standing in before.faults.items()
            if standing.state != "open" and not _waits(after.faults.get(code))
        ]
    if rows:
        conn.execute(upsert(conn, suspicion, ("kiosk_id", "code")), rows)
    if gone:
        conn.execute(delete(suspicion).where(_suspicion()), gone)


def due(conn: Connection, partitions: Iterable[int], now: int, limit: int) -> list[tuple[str, str]]:
    """(kiosk name, code) of what has waited long enough, the longest overdue first."""
    query = (
        select(kiosk.c.name, suspicion.c.code)
        .join(kiosk, kiosk.c.id == suspicion.c.kiosk_id)
        .where(suspicion.c.due <= now, kiosk.c.partition.in_(list(partitions)))
        .order_by(suspicion.c.due)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in conn.execute(query)]


def _open_fault() -> ColumnElement[bool]:
    return and_(
        fault.c.kiosk_id == bindparam("k"),
        fault.c.code == bindparam("c"),
        fault.c.cleared_at.is_(None),
    )


def _suspicion() -> ColumnElement[bool]:
    return and_(suspicion.c.kiosk_id == bindparam("k"), suspicion.c.code == bindparam("c"))


def _waits(standing: Standing | None) -> bool:
    return standing is not None and standing.state != "open"


def _row(kiosk_id: int, code: str, standing: Standing) -> Row:
    return {
        "kiosk_id": kiosk_id,
        "code": code,
        "state": standing.state,
        "since": standing.since,
        "due": standing.due,
        "why": standing.why,
        "evidence": dict(standing.evidence),
    }
