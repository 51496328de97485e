"""The one place where a job changes its state, always by the table, and how that is told.

Owns `job.state` after its birth and the rows of the audit log about jobs. Commands belong to
dispatch: here they are cancelled with their job, by its means, or given up when it forgot them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, Connection, and_, not_, select, update

from controller import changes
from controller.commands import turns
from controller.deeds import Doer
from controller.jobs.refused import Lacks, Refused
from controller.people import audit
from controller.people.powers import Scope
from controller.scope import Outside, within
from controller.store.command_tables import command, job
from controller.store.tables import kiosk
from wire.lifecycle import COMMAND, JOB, IllegalMove, move

FEW: Final = 100  # so many commands are told one by one; more of them are told as their job
MOST_WHY: Final = 300


class JobRow(Protocol):
    """A row of `job`, as far as the writers of jobs read it."""

    id: int
    order_id: str
    order_text: str
    kind: str
    args: dict[str, Any]
    power: str
    count: int
    why: str
    asked_by: str
    asked_at: int
    plan: dict[str, Any]
    state: str
    approvals: int
    not_before: int
    expires: int
    wave: int


def find(conn: Connection, job_id: int, *, locked: bool = False) -> JobRow:
    """`locked`: until the transaction ends nobody else changes it. Raises Refused (`unknown`)."""
    query = select(job).where(job.c.id == job_id)
    row: Any = conn.execute(query.with_for_update() if locked else query).one_or_none()
    if row is None:
        raise Refused("unknown", f"there is no job {job_id}")
    found: JobRow = row
    return found


def must_hold(conn: Connection, by: Doer, power: str, job_id: int) -> None:
    """Raises Lacks, and Outside when the job has a kiosk where this person lacks the power."""
    scope = by.person.scope(power)
    if not scope.districts:
        raise Lacks(power)
    must_cover(conn, scope, job_id)


def must_cover(conn: Connection, scope: Scope, job_id: int) -> None:
    """Raises Outside when the job has a kiosk beyond the scope."""
    outside = conn.scalar(_places(job_id).where(not_(within(scope, kiosk.c.site_code))).limit(1))
    if outside is not None:
        raise Outside(f"job {job_id}", outside)


def must_see(conn: Connection, scope: Scope, job_id: int) -> None:
    """Raises Outside when no kiosk of the job lies in the scope."""
    if scope.everywhere:
        return
    inside = conn.scalar(_places(job_id).where(within(scope, kiosk.c.site_code)).limit(1))
    if inside is None:
        raise Outside(f"job {job_id}", conn.scalar(_places(job_id).limit(1)) or "")


def _places(job_id: int) -> Any:
    joined = command.join(kiosk, kiosk.c.id == command.c.kiosk_id)
    return select(kiosk.c.site_code).select_from(joined).where(command.c.job_id == job_id)


def move_job(conn: Connection, found: JobRow, event: str, why: str, now: int, **values: Any) -> str:
    """The new state. Raises Refused (`state`) when the table or somebody who was first forbids."""
    try:
        new = move(JOB, found.state, event)
    except IllegalMove:
        raise Refused("state", f"job {found.id} is {found.state}") from None
    changed = {"state": new, "state_at": now, "state_why": why[:MOST_WHY], **values}
    same = (job.c.id == found.id, job.c.state == found.state)
    if conn.execute(update(job).where(*same).values(changed)).rowcount != 1:
        raise Refused("state", f"job {found.id} changed meanwhile: look again")
    return new


def cancel_commands(conn: Connection, job_id: int, by: str, now: int) -> None:
    """What was never sent is cancelled, of the rest the kiosks are asked to leave it."""
    queued = and_(command.c.job_id == job_id, command.c.state == "queued")
    tell_commands(conn, _some(conn, queued), now)
    turns.cancel(conn, command.c.job_id == job_id, by, now)


def give_up(conn: Connection, job_id: int, now: int) -> bool:
    """Whether anything of the job was never sent, and now will never be."""
    queued = and_(command.c.job_id == job_id, command.c.state == "queued")
    turns.lock(conn, queued)
    told = _some(conn, queued)
    values = {"state": move(COMMAND, "queued", "overdue"), "state_at": now, "ended_at": now}
    if told:
        conn.execute(update(command).where(queued).values(values))
        tell_commands(conn, told, now)
    return bool(told)


def _some(conn: Connection, wanted: ColumnElement[bool]) -> list[tuple[int, str]]:
    query = select(command.c.kiosk_id, command.c.command_id).where(wanted).limit(FEW + 1)
    return [(row[0], row[1]) for row in conn.execute(query)]


def tell_commands(conn: Connection, rows: Iterable[tuple[int, str]], now: int) -> None:
    """To watchers of their kiosks: see `news`."""
    changes.record_all(conn, news(list(rows)), now)


def news(commands: Sequence[tuple[int, str]]) -> list[changes.News]:
    """Watchers of single kiosks hear of few commands; of many only those who watch the job.

    `commands`: kiosk id and command id.
    """
    few = commands if len(commands) <= FEW else ()
    return [changes.News("command", *one) for one in few]


def tell_job(conn: Connection, job_id: int, now: int) -> None:
    changes.record(conn, "job", None, str(job_id), now)


def write_down(conn: Connection, by: Doer, what: str, job_id: int, now: int, **detail: Any) -> None:
    """The last statement of a transaction: see the audit log."""
    tell_job(conn, job_id, now)
    codes = conn.scalars(_places(job_id).distinct())
    audit.append(conn, entry(by, what, job_id, codes, detail), now)


def entry(
    by: Doer, what: str, job_id: int, codes: Iterable[str], detail: Mapping[str, Any]
) -> audit.Entry:
    """For the audit log. `codes`: of the sites where the job's kiosks stand."""
    return audit.Entry(
        who=by.person.login,
        what=what,
        subject=f"job {job_id}",
        district=common(set(codes)),
        address=by.address,
        detail=detail,
    )


def common(codes: Iterable[str]) -> str:
    """The smallest district that holds all of these sites; empty for everywhere."""
    parts = [code.split(".") for code in codes]
    same = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        same.append(level[0])
    return ".".join(same)
