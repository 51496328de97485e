"""The one place where a rollout changes its state, always by the table, and how that is told.

Owns `rollout.state` after its birth, the rows of `decision`, and those of the audit log about
rollouts. Knows who may see and steer one by where its kiosks stand.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from sqlalchemy import Connection, insert, not_, select, update

from controller import changes
from controller.deeds import Doer
from controller.jobs.refused import Lacks, Refused
from controller.jobs.states import common
from controller.people import audit
from controller.people.powers import Scope
from controller.rollouts.gate import Decision
from controller.scope import Outside, within
from controller.store.release_tables import decision, rollout, share
from controller.store.tables import kiosk
from controller.words import is_text
from wire.lifecycle import ROLLOUT, IllegalMove, move

MOST_WHY: Final = 300


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
    query = select(rollout).where(rollout.c.id == rollout_id)
    row: Any = conn.execute(query.with_for_update() if locked else query).one_or_none()
    if row is None:
        raise Refused("unknown", f"there is no rollout {rollout_id}")
    found: RolloutRow = row
    return found


def must_hold(conn: Connection, by: Doer, power: str, rollout_id: int) -> None:
    """Raises Lacks, and Outside when it has a kiosk where this person lacks the power."""
    scope = by.person.scope(power)
    if not scope.districts:
        raise Lacks(power)
    places = _places(rollout_id).where(not_(within(scope, kiosk.c.site_code)))
    outside = conn.scalar(places.limit(1))
    if outside is not None:
        raise Outside(f"rollout {rollout_id}", outside)


def must_see(conn: Connection, scope: Scope, rollout_id: int) -> None:
    """Raises Outside when no kiosk of it lies in the scope."""
    if scope.everywhere:
        return
    places = _places(rollout_id)
    if conn.scalar(places.where(within(scope, kiosk.c.site_code)).limit(1)) is None:
        raise Outside(f"rollout {rollout_id}", conn.scalar(places.limit(1)) or "")


def _places(rollout_id: int) -> Any:
    joined = share.join(kiosk, kiosk.c.id == share.c.kiosk_id)
    return select(kiosk.c.site_code).select_from(joined).where(share.c.rollout_id == rollout_id)


def a_reason(why: str) -> str:
    """Trimmed. Raises Refused (`why`)."""
    why = why.strip()
    if not 0 < len(why) <= MOST_WHY or not is_text(why):
        raise Refused("why", f"this needs a reason of 1 to {MOST_WHY} characters, on one line")
    return why


def move_rollout(
    conn: Connection, found: RolloutRow, event: str, why: str, now: int, **values: Any
) -> str:
    """The new state. Raises Refused (`state`) when the table or somebody who was first forbids."""
    try:
        new = move(ROLLOUT, found.state, event)
    except IllegalMove:
        raise Refused("state", f"rollout {found.id} is {found.state}") from None
    changed = {"state": new, "state_at": now, "state_why": why[:MOST_WHY], **values}
    same = (rollout.c.id == found.id, rollout.c.state == found.state)
    if conn.execute(update(rollout).where(*same).values(changed)).rowcount != 1:
        raise Refused("state", f"rollout {found.id} changed meanwhile: look again")
    return new


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
    codes = conn.scalars(_places(rollout_id).distinct())
    audit.append(conn, entry(by, what, rollout_id, codes, detail), now)


def entry(
    by: Doer, what: str, rollout_id: int, codes: Iterable[str], detail: Mapping[str, Any]
) -> audit.Entry:
    """For the audit log. `codes`: of the sites where its kiosks stand."""
    district = common(set(codes))
    subject = f"rollout {rollout_id}"
    return audit.Entry(by.person.login, what, subject, district, by.address, detail)
