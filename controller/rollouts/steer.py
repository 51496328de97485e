"""What people do to a rollout under way: pause, resume, abort, take back, try again.

All need the power rollout.steer wherever it has kiosks, `retry` rollout.ask. Every function writes
its row of the audit log and raises Refused (`unknown`, `state`), Lacks, Outside. Inside a `writing`
transaction, last in it; who calls rings.
"""

from typing import Any, Final

from sqlalchemy import Connection, select, update

from controller.deeds import Doer
from controller.jobs.asked import Asked
from controller.jobs.problems import a_reason
from controller.jobs.refused import Refused
from controller.rollouts import ask, moves, states, tally, want, weigh
from controller.rollouts import plan as plan_
from controller.rollouts.ask import Request
from controller.rollouts.states import RolloutRow
from controller.rollouts.want import Terms
from controller.store.release_tables import share
from controller.store.tables import kiosk

STEER: Final = "rollout.steer"
OVER: Final = ("finished", "aborted")
AGAIN: Final = ("failed", "rolled_back")


def pause(conn: Connection, by: Doer, rollout_id: int, now: int) -> None:
    """No phase opens. Kiosks that were told go on."""
    found = _steered(conn, by, rollout_id)
    states.move_rollout(conn, found, "pause", f"paused by {by.person.login}", now)
    states.write_down(conn, by, "rollout.pause", rollout_id, now)


def resume(conn: Connection, by: Doer, rollout_id: int, now: int) -> None:
    """Also of a held one: then what held it so far holds it no more."""
    found = _steered(conn, by, rollout_id)
    plan = {**found.plan, "patient_from": now}
    if found.state == "held":
        opened = tally.count(conn, found, now).phases[: found.phase]
        plan |= {"pardoned": sum(one.amiss for one in opened), "trusted": found.phase}
    states.move_rollout(conn, found, "resume", f"resumed by {by.person.login}", now, plan=plan)
    states.write_down(conn, by, "rollout.resume", rollout_id, now, was=found.state)


def abort(conn: Connection, by: Doer, rollout_id: int, now: int) -> None:
    """Nobody more gets it; who has it keeps it."""
    found = _steered(conn, by, rollout_id)
    states.move_rollout(conn, found, "abort", f"aborted by {by.person.login}", now)
    moves.leave(conn, found, now)
    states.write_down(conn, by, "rollout.abort", rollout_id, now, was=found.state)


def back(conn: Connection, by: Doer, rollout_id: int, why: str, now: int) -> None:
    """Whoever got it goes back to what it had before. Also Refused (`why`).

    One that is over begins again by that: while another is at work there, it is refused.
    """
    found = _steered(conn, by, rollout_id)
    why = a_reason(why)
    if found.state in OVER:
        ask.alone(conn)
        kiosk_ids = conn.scalars(select(share.c.kiosk_id).where(share.c.rollout_id == rollout_id))
        if other := weigh.busy(conn, found.bundle, list(kiosk_ids), but=rollout_id):
            raise Refused("state", other)
    states.move_rollout(conn, found, "back", f"{by.person.login}: {why}", now)
    kiosks = moves.take_back(conn, found, now)
    states.write_down(conn, by, "rollout.back", rollout_id, now, why=why, kiosks=kiosks)


def retry(conn: Connection, by: Doer, rollout_id: int, token: str, now: int) -> int:
    """Once more for kiosks that failed or went back by themselves: the id of the rollout that does.

    The same one while it goes on, else a new one.
    """
    found = states.find(conn, rollout_id, locked=True)
    states.reach(rollout_id).must_hold(conn, by, weigh.POWER)
    rows = _again(conn, rollout_id)
    if not rows:
        raise Refused("state", f"no kiosk of rollout {rollout_id} failed or went back by itself")
    if found.state not in ("running", "held", "paused"):
        return ask.ask(conn, by, _request(found, rows, token), now)
    mine = (share.c.rollout_id == rollout_id, share.c.state.in_(AGAIN), share.c.back.is_(False))
    values = {"state": "wanted", "wanted_at": now, "seen_at": None, "settled_at": None}
    terms = Terms(found.not_before, found.plan["windows"])
    seqs = {row.id: found.seq for row in rows}
    want.want(conn, found.bundle, seqs, now, rollout_id=rollout_id, terms=terms)
    conn.execute(update(share).where(*mine).values(values | {"code": "", "why": ""}))
    states.write_down(conn, by, "rollout.retry", rollout_id, now, kiosks=len(rows))
    return rollout_id


def _steered(conn: Connection, by: Doer, rollout_id: int) -> RolloutRow:
    found = states.find(conn, rollout_id, locked=True)
    states.reach(rollout_id).must_hold(conn, by, STEER)
    return found


def _again(conn: Connection, rollout_id: int) -> list[Any]:
    joined = share.join(kiosk, kiosk.c.id == share.c.kiosk_id)
    mine = (share.c.rollout_id == rollout_id, share.c.state.in_(AGAIN))
    query = select(kiosk.c.id, kiosk.c.name).select_from(joined).where(*mine)
    return list(conn.execute(query.order_by(kiosk.c.name)))


def _request(found: RolloutRow, rows: list[Any], token: str) -> Request:
    """All of them at once in the last phase would prove nothing: the phases that count stay."""
    plan = plan_.of_json(found.plan)
    counted = tuple(one for one in plan.phases if one.bound)
    return Request(
        bundle=found.bundle,
        seq=found.seq,
        asked=Asked(kiosks=tuple(row.name for row in rows)),
        plan=plan._replace(phases=counted),
        why=found.why,
        token=token,
    )
