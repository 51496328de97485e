"""Keeps the rate, jitter and windows of a job when it goes on later than it was planned.

Gives commands that were never sent and now may go their turn in `command.due`: never before their
signed `after`. People take hours to agree, a wave waits for the one before: without this all would
go at once.
"""

from sqlalchemy import Connection, and_, bindparam, case, select, update

from controller.commands.turns import lock
from controller.jobs import plan as plan_
from controller.jobs.plan import CannotPlan
from controller.jobs.states import JobRow
from controller.store.command_tables import command

_FOREVER = 2**53


def spread(conn: Connection, found: JobRow, waves: range, now: int) -> None:
    """Those of these waves that were never sent take their turns from `now` on."""
    plan = plan_.of_json(found.plan)._replace(waves=("100%",))
    these = (
        command.c.job_id == found.id,
        command.c.state == "queued",
        command.c.wave >= waves.start,
        command.c.wave < waves.stop,
    )
    lock(conn, and_(*these))
    if not (plan.rate_per_min or plan.window or plan.jitter_s):
        due = case((command.c.after > now, command.c.after), else_=now)
        conn.execute(update(command).where(*these).values(due=due))
        return
    query = select(command.c.command_id, command.c.after).where(*these)
    after = {row[0]: row[1] for row in conn.execute(query.order_by(command.c.after, command.c.id))}
    if not after:
        return
    turns = _turns(plan, list(after), now, found.expires)
    never = found.expires + 1  # not its expiry itself, which is how dispatch puts things off
    rows = [{"b_id": o, "b_due": max(at, turns.get(o, never))} for o, at in after.items()]
    same = (command.c.command_id == bindparam("b_id"), command.c.state == "queued")
    conn.execute(update(command).where(*same).values(due=bindparam("b_due")), rows)


def _turns(plan: plan_.Plan, ids: list[str], now: int, expires: int) -> dict[str, int]:
    """Whose turn would not come any more waits until it expires."""
    end = expires if plan.window else _FOREVER
    while ids:
        try:
            found = plan_.schedule(plan, ids, now, end, seed=ids[0])
        except CannotPlan:
            ids = ids[: len(ids) // 2]
        else:
            return {one: slot.after for one, slot in found.items()}
    return {}
