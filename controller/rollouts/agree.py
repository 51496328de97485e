"""Agreeing to a rollout as a second person, and refusing it. A person counts once, the asker never.

Every function writes its row of the audit log. Inside a `writing` transaction, last in it; who
calls rings.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from controller.deeds import Doer
from controller.jobs.problems import a_reason
from controller.jobs.refused import Refused
from controller.rollouts import states
from controller.rollouts.states import RolloutRow
from controller.store.engine import insert_new
from controller.store.release_tables import rollout_approval

POWER: Final = "rollout.agree"


class Agreed(NamedTuple):
    """`given` of `needed` people have agreed; `first`: this very call counted."""

    first: bool
    given: int
    needed: int
    state: str


def agree(conn: Connection, by: Doer, rollout_id: int, now: int) -> Agreed:
    """Saying it again changes nothing. Raises Refused (`unknown`, `state`), Lacks, Outside."""
    found = states.find(conn, rollout_id, locked=True)
    states.reach(rollout_id).must_hold(conn, by, POWER)
    if found.asked_by == by.person.login:
        raise Refused("asked", "whoever asked for it cannot agree to it: a second person must")
    mine = (
        rollout_approval.c.rollout_id == rollout_id,
        rollout_approval.c.login == by.person.login,
    )
    if conn.scalar(select(rollout_approval.c.at).where(*mine)) is not None:
        return _agreed(conn, found, first=False)
    if found.state != "waiting":
        raise Refused("state", f"rollout {found.id} is {found.state}: it waits for nobody's word")
    values = {"rollout_id": rollout_id, "login": by.person.login, "at": now}
    conn.execute(insert_new(conn, rollout_approval).values(values))
    if _given(conn, rollout_id) >= found.approvals:
        states.move_rollout(conn, found, "agree", "enough people agreed", now)
    states.write_down(conn, by, "rollout.agree", rollout_id, now, kiosks=found.kiosks)
    return _agreed(conn, states.find(conn, rollout_id), first=True)


def refuse(conn: Connection, by: Doer, rollout_id: int, why: str, now: int) -> None:
    """Nobody may agree to it any more. Raises as `agree`, and Refused (`why`)."""
    found = states.find(conn, rollout_id, locked=True)
    states.reach(rollout_id).must_hold(conn, by, POWER)
    why = a_reason(why)
    states.move_rollout(conn, found, "refuse", f"{by.person.login}: {why}", now)
    states.write_down(conn, by, "rollout.refuse", rollout_id, now, why=why)


def _given(conn: Connection, rollout_id: int) -> int:
    words = select(func.count()).where(rollout_approval.c.rollout_id == rollout_id)
    return conn.scalar(words) or 0


def _agreed(conn: Connection, found: RolloutRow, *, first: bool) -> Agreed:
    return Agreed(first, _given(conn, found.id), found.approvals, found.state)
