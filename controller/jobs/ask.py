"""Asking for something to be done: what it would mean, and then the job with all its commands.

Owns the rows of `job` and `command` as they are born. Says nothing to kiosks: who asks rings the
bell after the commit. What it needs is weighed in weigh.py by the policy in force.
"""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select

from controller import changes
from controller.changes import News
from controller.deeds import Doer
from controller.jobs import asked as asked_
from controller.jobs import click, states
from controller.jobs import plan as plan_
from controller.jobs.problems import Problem, refuse_first
from controller.jobs.weigh import Preview, Weighed, Wish, weigh
from controller.people import audit
from controller.store.command_tables import command, job
from controller.store.slices import slices
from controller.store.tables import kiosk, thread
from wire.envelope import Order, Tree, canonical, command_id

__all__ = ["Preview", "Problem", "Wish", "ask", "preview"]

_LOCK: Final = 0x616E6A6F  # our own number among PostgreSQL's advisory locks
_AT_ONCE: Final = 5_000
_FEW_NAMES: Final = 20
# Built once: somebody waits, and building a statement costs more than the database's answer.
_KNOWN: Final = select(job.c.id, job.c.asked_by, job.c.kind).where(
    job.c.order_id == bindparam("token")
)
_INSERT_JOB: Final = insert(job).returning(job.c.id)
_INSERT_COMMAND: Final = insert(command)
_HIGHEST: Final = select(func.max(command.c.number)).where(command.c.kiosk_id == kiosk.c.id)
_NUMBERS: Final = (
    select(kiosk.c.id, _HIGHEST.scalar_subquery(), thread.c.number)
    .outerjoin_from(kiosk, thread, thread.c.kiosk_id == kiosk.c.id)
    .where(kiosk.c.id.in_(bindparam("kiosks", expanding=True)))
)


def preview(conn: Connection, by: Doer, wish: Wish, now: int) -> Preview:
    """Writes nothing.

    Raises Refused (`no_policy`, `unknown`, `arguments`, `asked`), Lacks, BadQuestion, Outside.
    """
    return weigh(conn, by, wish, now, seed="").preview


def ask(conn: Connection, by: Doer, wish: Wish, now: int) -> int:
    """The job's id; the same one for a token that was used.

    Raises as `preview`, and Refused or Lacks for what stands in its problems. Inside a `writing`
    transaction, last in it.
    """
    token = click.token_of(wish.token)
    click.alone(conn, _LOCK)  # two who ask at once would give one number twice
    known = conn.execute(_KNOWN, {"token": token}).one_or_none() if wish.token else None
    if known is not None:
        click.must_be_same((known.asked_by, known.kind), (by.person.login, wish.kind))
        return int(known.id)
    weighed = weigh(conn, by, wish, now, seed=token)
    refuse_first(weighed.preview.problems)
    weighed = weighed._replace(order=_rooted(weighed))
    job_id = _write_job(conn, by, wish, weighed, now)
    told = _write_commands(conn, job_id, weighed, now)
    changes.record_all(conn, [*states.news(told), News("job", None, str(job_id))], now)
    where = {one.site_code for one in weighed.targets}
    detail = _detail(wish, weighed)
    audit.append(conn, states.reach(job_id).entry(by, "command.ask", where, detail), now)
    return job_id


def _write_job(conn: Connection, by: Doer, wish: Wish, weighed: Weighed, now: int) -> int:
    told, order = weighed.preview, weighed.order
    at_once = not told.approvals and not told.cool_off_s
    values = {
        "order_id": order.order,
        "order_text": canonical(order),
        "kind": wish.kind,
        "args": order.args,
        "power": told.power,
        "count": order.count,
        "why": wish.why.strip(),
        "asked_by": by.person.login,
        "asked_at": now,
        "asked": asked_.to_json(wish.asked),
        "plan": plan_.to_json(weighed.plan),
        "state": "waiting" if told.approvals else "running" if at_once else "ready",
        "state_at": now,
        "state_why": "",
        "approvals": told.approvals,
        "not_before": order.not_before,
        "expires": order.expires,
        "wave": int(at_once),
        "retry_of": wish.retry_of,
    }
    made: int = conn.execute(_INSERT_JOB, values).scalar_one()
    return made


def _rooted(weighed: Weighed) -> Order:
    tree = Tree({name: slot.after for name, slot in weighed.slots.items()})
    return msgspec.structs.replace(weighed.order, kiosks=tree.root)


def _write_commands(
    conn: Connection, job_id: int, weighed: Weighed, now: int
) -> list[tuple[int, str]]:
    """Which kiosk was given which command."""
    order = canonical(weighed.order)
    by_name = {one.name: one for one in weighed.targets}
    numbers = _numbers(conn, [one.id for one in weighed.targets], now)
    rows: list[dict[str, Any]] = []
    for name, slot in weighed.slots.items():  # in the order in which they may begin
        one = by_name[name]
        row = {"command_id": command_id(order, name), "job_id": job_id, "kiosk_id": one.id}
        row |= {"partition": one.partition, "number": numbers[one.id], "wave": slot.wave}
        row |= {"after": slot.after, "due": slot.after, "expires": weighed.order.expires}
        rows.append(row | {"state": "queued", "state_at": now, "facts": {}})
    conn.execute(_INSERT_COMMAND, rows)
    return [(row["kiosk_id"], row["command_id"]) for row in rows]


def _numbers(conn: Connection, ids: list[int], now: int) -> dict[int, int]:
    """For each kiosk one above all it was ever given or took, and not below the clock."""
    return {
        row[0]: max(now, (row[1] or 0) + 1, (row[2] or 0) + 1)
        for some in slices(ids, _AT_ONCE)
        for row in conn.execute(_NUMBERS, {"kiosks": some})
    }


def _detail(wish: Wish, weighed: Weighed) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "kind": wish.kind,
        "args": dict(weighed.order.args),
        "asked": wish.asked.query or wish.asked.saved or _first(wish.asked.kiosks),
        "kiosks": len(weighed.targets),
        "power": weighed.preview.power,
        "why": wish.why,
    }
    return detail if wish.retry_of is None else detail | {"retry_of": wish.retry_of}


def _first(names: Iterable[str]) -> list[str]:
    return sorted(names)[:_FEW_NAMES]
