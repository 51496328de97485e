"""Asking for a rollout: a published release, kiosks, phases.

Owns the rows of `rollout` and `share` as they are born. Says nothing to kiosks: the clerk opens
phases. What it would mean is told by dry.py.
"""

from typing import Any, Final

from sqlalchemy import Connection, insert, select

from controller.deeds import Doer
from controller.jobs import asked as asked_
from controller.jobs import click
from controller.jobs.problems import Problem, refuse_first
from controller.people import audit
from controller.rollouts import plan as plan_
from controller.rollouts import states
from controller.rollouts.weigh import Request, Weighed, weigh
from controller.store.release_tables import rollout, share

__all__ = ["Problem", "Request", "ask"]

_LOCK: Final = 0x616E6A72  # our own number among PostgreSQL's advisory locks


def ask(conn: Connection, by: Doer, request: Request, now: int) -> int:
    """The rollout's id; the same one for a token that was used.

    Raises Refused (`unknown`, `asked`, `state`, `grown`, `why`, `plan`, `token`), Lacks,
    BadQuestion, Outside. Inside a `writing` transaction, last in it.
    """
    token = click.token_of(request.token)
    alone(conn)
    known = conn.execute(select(rollout).where(rollout.c.token == token)).one_or_none()
    if known is not None:
        same = (by.person.login, request.bundle, request.seq)
        click.must_be_same((known.asked_by, known.bundle, known.seq), same)
        return int(known.id)
    weighed = weigh(conn, by, request, seed=token)
    refuse_first(weighed.problems)
    made = _write(conn, request, weighed, token=token, asked_by=by.person.login, asked_at=now)
    states.tell(conn, made, now)
    where = {one.site_code for one in weighed.targets}
    detail = _detail(request, weighed)
    audit.append(conn, states.reach(made).entry(by, "rollout.ask", where, detail), now)
    return made


def alone(conn: Connection) -> None:
    """Until the transaction ends: two who begin one at once would both find no other rollout."""
    click.alone(conn, _LOCK)


def _write(conn: Connection, request: Request, weighed: Weighed, **known: Any) -> int:
    values = {
        **known,
        "bundle": request.bundle,
        "seq": request.seq,
        "state": "waiting" if weighed.approvals else "ready",
        "state_at": known["asked_at"],
        "state_why": "",
        "why": request.why.strip(),
        "asked": asked_.to_json(request.asked),
        "plan": plan_.to_json(request.plan),
        "approvals": weighed.approvals,
        "not_before": max(known["asked_at"], request.not_before),
        "phase": 0,
        "phase_at": known["asked_at"],
        "kiosks": len(weighed.targets),
    }
    made: int = conn.execute(insert(rollout).values(values).returning(rollout.c.id)).scalar_one()
    rows = [_share(made, kiosk_id, *place) for kiosk_id, place in weighed.places.items()]
    conn.execute(insert(share), rows)
    return made


def _share(rollout_id: int, kiosk_id: int, phase: int, control: bool) -> dict[str, Any]:  # noqa: FBT001 - fields of a Place
    known = {"rollout_id": rollout_id, "kiosk_id": kiosk_id, "phase": phase, "control": control}
    return known | {"before_seq": 0, "state": "waiting"}


def _detail(request: Request, weighed: Weighed) -> dict[str, Any]:
    return {
        "bundle": request.bundle,
        "seq": request.seq,
        "kiosks": len(weighed.targets),
        "phases": [one.bound or "list" for one in request.plan.phases],
        "why": request.why,
    }
