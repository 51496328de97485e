"""Moves rollouts on by the clock and by results: begins, opens phases, holds, stops, takes back.

Called about once a second by one controller; every change is conditional on the old state, so a
second one does no harm. Decides nothing itself: gate.py does.
"""

from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from controller.jobs.refused import Refused
from controller.rollouts import gate, moves, states, tally
from controller.rollouts.gate import Decision
from controller.rollouts.shapes import LIVING
from controller.rollouts.states import RolloutRow
from controller.rollouts.tally import Counted
from controller.store.release_tables import release, rollout
from controller.store.tables import kiosk_status

LAPSE_MS: Final = 7 * 86_400_000  # so long may people think about it
SMALL: Final = 1_000  # so many more kiosks are counted one second less often
_SECOND: Final = 1_000


def tick(conn: Connection, now: int) -> bool:
    """Whether anything changed (then the desk should look). Cheap when nothing runs.

    Inside a `writing` transaction.
    """
    changed = False
    query = select(rollout).where(rollout.c.state.in_(LIVING)).order_by(rollout.c.id)
    for found in conn.execute(query).all():
        try:
            moved = _STEPS[found.state](conn, found, now)
        except Refused:
            continue  # somebody was first: looked at again in a second
        if moved:
            states.tell(conn, found.id, now)
            changed = True
    return changed


def _wait(conn: Connection, found: RolloutRow, now: int) -> bool:
    if now - found.asked_at < LAPSE_MS:
        return False
    states.move_rollout(conn, found, "lapse", "nobody agreed within a week", now)
    return True


def _ready(conn: Connection, found: RolloutRow, now: int) -> bool:
    if now < found.not_before:
        return False
    if not _offered(conn, found):
        states.move_rollout(conn, found, "abort", "its release is not offered any more", now)
        return True
    states.move_rollout(conn, found, "begin", "", now, phase=1, phase_at=now)
    tally.begin(conn, found.id, now)
    moves.open_phase(conn, found, 1, now)
    return states.note(conn, found, Decision("open", "phase 1: it begins", 0), {}, now)


def _run(conn: Connection, found: RolloutRow, now: int) -> bool:
    if not _turn(found, now):
        return False
    if not _offered(conn, found):
        states.move_rollout(conn, found, "hold", "its release is not offered any more", now)
        return True
    said, counted = _ask(conn, found, now)
    if said.what == "open":
        _on(conn, found, now)
        moves.open_phase(conn, found, found.phase + 1, now)
    elif said.what == "wait":
        tally.look(conn, found.id, now)
    else:
        _end(conn, found, said, now)
    return states.note(conn, found, said, _numbers(said, counted), now)


def _rest(conn: Connection, found: RolloutRow, now: int) -> bool:
    """Held or paused: nothing opens, but what does harm is taken back."""
    if not found.phase or not _turn(found, now):
        return False
    said, counted = _ask(conn, found, now)
    if said.what != "stop":
        tally.look(conn, found.id, now)
        return False
    _end(conn, found, said, now)
    return states.note(conn, found, said, _numbers(said, counted), now)


def _back(conn: Connection, found: RolloutRow, now: int) -> bool:
    if not _turn(found, now):
        return False
    left = moves.outstanding(found).subquery()
    joined = left.join(kiosk_status, kiosk_status.c.kiosk_id == left.c.kiosk_id)
    here = kiosk_status.c.presence == "online"
    query = select(here, func.count()).select_from(joined).group_by(here)
    many = {bool(row[0]): row[1] for row in conn.execute(query)}
    patience = tally.rules(found).patience_ms
    said = gate.decide_back(
        many.get(True, 0), many.get(False, 0), found.state_at, patience, now
    )  # fmt: skip
    if said.what == "finish":
        states.move_rollout(conn, found, "finish", said.why, now)
    return states.note(conn, found, said, {}, now)


def _turn(found: RolloutRow, now: int) -> bool:
    period = 1 + found.kiosks // SMALL
    return (now // _SECOND + found.id) % period == 0


def _offered(conn: Connection, found: RolloutRow) -> bool:
    here = (release.c.bundle == found.bundle, release.c.seq == found.seq)
    return conn.scalar(select(release.c.state).where(*here)) == "published"


def _ask(conn: Connection, found: RolloutRow, now: int) -> tuple[Decision, Counted]:
    counted = tally.count(conn, found, now)
    seen = tally.seen(found, counted)
    said = gate.decide(tally.rules(found), seen, now)
    if said.looks != seen.looks:
        looks = {**found.plan.get("looks", {}), str(found.phase): said.looks}
        same = (rollout.c.id == found.id, rollout.c.state_at == found.state_at)
        values = {"plan": {**found.plan, "looks": looks}}
        if conn.execute(update(rollout).where(*same).values(values)).rowcount != 1:
            raise Refused("state", "a person was first")
    return said, counted


def _on(conn: Connection, found: RolloutRow, now: int) -> None:
    same = (rollout.c.id == found.id, rollout.c.phase == found.phase, rollout.c.state == "running")
    values = {"phase": found.phase + 1, "phase_at": now}
    if conn.execute(update(rollout).where(*same).values(values)).rowcount != 1:
        raise Refused("state", "somebody was first")


def _end(conn: Connection, found: RolloutRow, said: Decision, now: int) -> None:
    states.move_rollout(conn, found, said.what, said.why, now)
    if said.what == "stop":
        moves.take_back(conn, found, now)


def _numbers(said: Decision, counted: Counted) -> dict[str, Any]:
    """What it was decided on, for people to check."""
    tests = {one.name: {"chance": one.chance, "limit": one.limit} for one in said.tests}
    groups = {"updated": counted.updated._asdict(), "control": counted.control._asdict()}
    phases = [one._asdict() for one in counted.phases]
    return {**groups, "phases": phases, "look": said.looks, "tests": tests}


_STEPS: Final[dict[str, Any]] = {
    "waiting": _wait,
    "ready": _ready,
    "running": _run,
    "held": _rest,
    "paused": _rest,
    "rolling_back": _back,
}
