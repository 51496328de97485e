"""What people do to a job or a command that is under way: pause, resume, cancel, ask again.

Stopping needs the power command.routine wherever the job has kiosks; letting it go on needs the
power the job itself needs. Every function writes its row of the audit log; who calls rings.
Inside a `writing` transaction, last in it.
"""

from typing import Any, Final, Literal

from sqlalchemy import Connection, select

from controller.commands import turns
from controller.deeds import Doer
from controller.jobs import ask, spread, states, tally
from controller.jobs import plan as plan_
from controller.jobs.ask import Wish
from controller.jobs.asked import Asked
from controller.jobs.refused import Lacks, Refused
from controller.jobs.states import JobRow
from controller.people import audit
from controller.scope import Outside
from controller.store.command_tables import command, job
from controller.store.tables import kiosk
from wire.envelope import Order, parse
from wire.lifecycle import OPEN

STOP: Final = "command.routine"
AGAIN: Final = ("failed", "expired", "unknown", "overdue", "silent")


def pause(conn: Connection, by: Doer, job_id: int, now: int) -> None:
    """Nothing more is sent. Raises Refused (`unknown`, `state`), Lacks, Outside."""
    found = states.find(conn, job_id, locked=True)
    states.reach(job_id).must_hold(conn, by, STOP)
    states.move_job(conn, found, "pause", f"paused by {by.person.login}", now)
    states.write_down(conn, by, "job.pause", job_id, now, kind=found.kind)


def resume(conn: Connection, by: Doer, job_id: int, now: int) -> None:
    """Also of a held one: then the failures so far hold it no more. Raises as `pause`."""
    found = states.find(conn, job_id, locked=True)
    states.reach(job_id).must_hold(conn, by, f"command.{found.power}")
    more: dict[str, Any] = {}
    if found.state == "held":
        failed = sum(one.failed for one in tally.waves(conn, found, now))
        more["plan"] = {**found.plan, "pardoned": failed, "trusted": found.wave}
    states.move_job(conn, found, "resume", f"resumed by {by.person.login}", now, **more)
    spread.spread(conn, found, range(1, found.wave + 1), now)
    states.write_down(conn, by, "job.resume", job_id, now, kind=found.kind, was=found.state)


def cancel(conn: Connection, by: Doer, job_id: int, now: int) -> None:
    """Queued commands at once; kiosks that were told are asked to leave it. Raises as `pause`."""
    found = states.find(conn, job_id, locked=True)
    states.reach(job_id).must_hold(conn, by, STOP)
    states.move_job(conn, found, "cancel", f"cancelled by {by.person.login}", now)
    states.cancel_commands(conn, job_id, by.person.login, now)
    states.write_down(conn, by, "job.cancel", job_id, now, kind=found.kind)


def cancel_command(
    conn: Connection, by: Doer, command_id: str, now: int
) -> Literal["cancelled", "asked"]:
    """`asked`: the kiosk was told and decides. Raises as `pause`, `state` when it is over."""
    scope = by.person.scope(STOP)
    if not scope.districts:
        raise Lacks(STOP)
    row = _command(conn, command_id)
    if not scope.holds(row.site_code):
        raise Outside(f"command {command_id}", row.site_code)
    if row.state not in OPEN:
        raise Refused("state", f"it is over: {row.state}")
    if row.cancel_at is not None:
        return "asked"
    this = command.c.command_id == command_id
    done, asked = turns.cancel(conn, this, by.person.login, now)
    if not done + asked:
        raise Refused("state", "it changed meanwhile: look again")
    states.tell_commands(conn, [(row.kiosk_id, command_id)], now)
    states.tell_job(conn, row.job_id, now)
    detail = {"command": command_id, "job": row.job_id, "kind": row.kind, "was": row.state}
    entry = audit.Entry(
        by.person.login, "command.cancel", row.name, row.site_code, by.address, detail
    )
    audit.append(conn, entry, now)
    return "cancelled" if done else "asked"


def retry_failed(conn: Connection, by: Doer, job_id: int, token: str, now: int) -> int:
    """A new job over those that failed, expired or are unknown; never the rejected ones.

    Raises Refused (`state`: there are none), and as `ask`.
    """
    found = states.find(conn, job_id, locked=True)
    states.reach(job_id).must_hold(conn, by, f"command.{found.power}")
    again = (command.c.job_id == job_id, command.c.state.in_(AGAIN))
    joined = command.join(kiosk, kiosk.c.id == command.c.kiosk_id)
    names = tuple(conn.scalars(select(kiosk.c.name).select_from(joined).where(*again)))
    if not names:
        raise Refused("state", f"nothing of job {job_id} failed, expired or is unknown")
    return ask.ask(conn, by, _again(found, names, token), now)


def _again(found: JobRow, names: tuple[str, ...], token: str) -> Wish:
    order = parse(found.order_text, Order)
    return Wish(
        kind=found.kind,
        args=found.args,
        asked=Asked(kiosks=names),
        plan=plan_.of_json(found.plan),
        why=found.why,
        valid_s=(order.expires - order.not_before) // 1000,
        token=token,
        retry_of=found.id,
    )


def _command(conn: Connection, command_id: str) -> Any:
    joined = command.join(kiosk, kiosk.c.id == command.c.kiosk_id)
    joined = joined.join(job, job.c.id == command.c.job_id)
    query = select(command, kiosk.c.name, kiosk.c.site_code, job.c.kind).select_from(joined)
    query = query.where(command.c.command_id == command_id).with_for_update(of=command)
    row = conn.execute(query).one_or_none()
    if row is None:
        raise Refused("unknown", "there is no such command")
    return row
