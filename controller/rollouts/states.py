"""The one place where a rollout changes its state, always by the table, and how that is told.

Owns `rollout.state` after its birth, the rows of `decision`, and those of the audit log about
rollouts. Knows who may see and steer one by where its kiosks stand.
"""

from typing import Any, Final, Protocol

from sqlalchemy import Connection, insert, select, update

from controller import changes
from controller.deeds import Doer
from controller.jobs.reach import Reach
from controller.jobs.rows import MOST_WHY, Rows
from controller.rollouts.gate import Decision
from controller.store.release_tables import decision, rollout, share
from controller.store.tables import kiosk
from wire.lifecycle import ROLLOUT

_ROLLOUTS: Final = Rows(rollout, ROLLOUT)


class RolloutRow(Protocol):
    """A row of `rollout`, as far as the writers of rollouts read it."""

    id: int
    bundle: str
    seq: int
    state: str
    state_at: int
    why: str
    asked_by: str
    asked_at: int
    asked: dict[str, Any]
    plan: dict[str, Any]
    approvals: int
    not_before: int
    phase: int
    phase_at: int
    kiosks: int


def find(conn: Connection, rollout_id: int, *, locked: bool = False) -> RolloutRow:
    """`locked`: until the transaction ends nobody else changes it. Raises Refused (`unknown`)."""
    found: RolloutRow = _ROLLOUTS.find(conn, rollout_id, locked=locked)
    return found


def reach(rollout_id: int) -> Reach:
    joined = share.join(kiosk, kiosk.c.id == share.c.kiosk_id)
    places = select(kiosk.c.site_code).select_from(joined)
    return Reach(f"rollout {rollout_id}", places.where(share.c.rollout_id == rollout_id))


def move_rollout(
    conn: Connection, found: RolloutRow, event: str, why: str, now: int, **values: Any
) -> str:
    """The new state. Raises Refused (`state`) when it may not, or somebody was first."""
    return _ROLLOUTS.move(conn, found, event, why, now, **values)


def note(conn: Connection, found: RolloutRow, said: Decision, numbers: Any, now: int) -> bool:
    """Whether this is news. What a phase waits for is one row, that changes with the reason."""
    newest = select(decision).where(decision.c.rollout_id == found.id)
    row = conn.execute(newest.order_by(decision.c.id.desc()).limit(1)).one_or_none()
    values = {"at": now, "why": said.why[:MOST_WHY], "numbers": numbers}
    if row is not None and (row.what, row.phase) == (said.what, found.phase) == ("wait", row.phase):
        if row.why == values["why"]:
            return False
        conn.execute(update(decision).where(decision.c.id == row.id).values(values))
        return True
    known = {"rollout_id": found.id, "phase": found.phase, "what": said.what}
    conn.execute(insert(decision).values(values | known))
    return True


def tell(conn: Connection, rollout_id: int, now: int) -> None:
    changes.record(conn, "rollout", None, str(rollout_id), now)


def write_down(
    conn: Connection, by: Doer, what: str, rollout_id: int, now: int, **detail: Any
) -> None:
    """The last statement of a transaction: see the audit log."""
    tell(conn, rollout_id, now)
    reach(rollout_id).write_down(conn, by, what, now, detail)
