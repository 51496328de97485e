"""Moves jobs on by the clock and by results: begins, opens waves, holds, finishes, lets lapse.

Called about once a second by one controller; every change is conditional on the old state, so a
second one does no harm. Decides nothing itself: gate.py does.
"""

from typing import Any, Final

from sqlalchemy import Connection, select, update

from controller.jobs import gate, spread, states, tally
from controller.jobs.gate import Decision
from controller.jobs.refused import Refused
from controller.jobs.states import JobRow
from controller.store.command_tables import job

LAPSE_MS: Final = 86_400_000  # so long may people think about it
GRACE_MS: Final = 120_000  # dispatch ends them first, where it can
OFFICE: Final = "office"
LARGE: Final = 5_000  # a job of so many more kiosks is counted one second less often
LIVING: Final = ("waiting", "ready", "running", "held", "paused")
_SECOND: Final = 1_000


def tick(conn: Connection, now: int) -> bool:
    """Whether anything changed (then dispatch should look). Cheap when nothing runs.

    Inside a `writing` transaction.
    """
    changed = False
    for found in conn.execute(select(job).where(job.c.state.in_(LIVING)).order_by(job.c.id)).all():
        try:
            moved = _STEPS[found.state](conn, found, now)
        except Refused:
            continue  # somebody was first: looked at again in a second
        if moved:
            states.tell_job(conn, found.id, now)
            changed = True
    return changed


def _wait(conn: Connection, found: JobRow, now: int) -> bool:
    if now - found.asked_at >= LAPSE_MS:
        return _lapse(conn, found, "not enough people agreed within a day", now)
    if now >= found.expires:
        return _lapse(conn, found, "its time was over before enough people agreed", now)
    return False


def _ready(conn: Connection, found: JobRow, now: int) -> bool:
    if now >= found.expires:
        return _lapse(conn, found, "its time was over before it could begin", now)
    if now < found.not_before:
        return False
    states.move_job(conn, found, "begin", "", now, wave=1)
    spread.spread(conn, found, range(1, 2), now)
    return True


def _lapse(conn: Connection, found: JobRow, why: str, now: int) -> bool:
    states.move_job(conn, found, "lapse", why, now)
    states.cancel_commands(conn, found.id, OFFICE, now)
    return True


def _run(conn: Connection, found: JobRow, now: int) -> bool:
    if not _turn(found, now):
        return False
    ended, decision = _ask(conn, found, now)
    if decision.what == "wait":
        return ended
    if decision.what == "open":
        return _open(conn, found, now) or ended
    states.move_job(conn, found, decision.what, decision.why, now)
    return True


def _ask(conn: Connection, found: JobRow, now: int) -> tuple[bool, Decision]:
    """What the gate says; and whether commands ended that nobody will send any more."""
    ended = now >= found.expires + GRACE_MS and states.give_up(conn, found.id, now)
    waves = tally.waves(conn, found, now)
    return ended, gate.decide(tally.rules(found), waves, found.wave, now)


def _open(conn: Connection, found: JobRow, now: int) -> bool:
    same = (job.c.id == found.id, job.c.state == "running", job.c.wave == found.wave)
    if conn.execute(update(job).where(*same).values(wave=found.wave + 1)).rowcount != 1:
        return False
    spread.spread(conn, found, range(found.wave + 1, found.wave + 2), now)
    return True


def _rest(conn: Connection, found: JobRow, now: int) -> bool:
    """Held or paused: nothing begins, but what was begun comes to its end."""
    if not _turn(found, now):
        return False
    ended, decision = _ask(conn, found, now)
    if decision.what == "finish":
        states.move_job(conn, found, "finish", decision.why, now)
    return ended or decision.what == "finish"


def _turn(found: JobRow, now: int) -> bool:
    period = 1 + found.count // LARGE
    return (now // _SECOND + found.id) % period == 0


_STEPS: Final[dict[str, Any]] = {
    "waiting": _wait,
    "ready": _ready,
    "running": _run,
    "held": _rest,
    "paused": _rest,
}
