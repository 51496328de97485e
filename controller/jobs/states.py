"""The one place where a job changes its state, always by the table, and how that is told.

Owns `job.state` after its birth and the rows of the audit log about jobs. Commands belong to
dispatch: here they are cancelled with their job, by its means, or given up when it forgot them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, Connection, and_, select, update

from controller import changes
from controller.commands import turns
from controller.deeds import Doer
from controller.jobs.reach import Reach
from controller.jobs.rows import Rows
from controller.store.command_tables import command, job
from controller.store.tables import kiosk
from wire.lifecycle import COMMAND, JOB, move

FEW: Final = 100  # so many commands are told one by one; more of them are told as their job
_JOBS: Final = Rows(job, JOB)


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
    found: JobRow = _JOBS.find(conn, job_id, locked=locked)
    return found


def reach(job_id: int) -> Reach:
    joined = command.join(kiosk, kiosk.c.id == command.c.kiosk_id)
    places = select(kiosk.c.site_code).select_from(joined)
    return Reach(f"job {job_id}", places.where(command.c.job_id == job_id))


def move_job(conn: Connection, found: JobRow, event: str, why: str, now: int, **values: Any) -> str:
    """The new state. Raises Refused (`state`) when it may not, or somebody was first."""
    return _JOBS.move(conn, found, event, why, now, **values)


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
    reach(job_id).write_down(conn, by, what, now, detail)
