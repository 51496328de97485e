"""What people see of jobs and commands. Reads only, and only what lies in the scope.

A guess of the office is shown as what it stands for, and marked: `guess`. Texts and facts come
from kiosks: hostile, whoever shows them escapes them.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select

from controller.jobs import states
from controller.jobs.refused import Refused
from controller.jobs.shapes import (
    JOB_STATES,
    SHOWN,
    Answer,
    AnswerQuery,
    Job,
    JobQuery,
    JobRow,
    Wave,
    Word,
)
from controller.kiosk_list import called_like
from controller.kiosk_page import kiosk_id
from controller.paging import Page
from controller.people.powers import Scope
from controller.scope import Outside, kiosks_within
from controller.store.command_tables import approval, attachment
from controller.store.command_tables import command as command_
from controller.store.command_tables import job as job_
from controller.store.tables import kiosk, kiosk_status, site
from wire.actions import KINDS
from wire.envelope import Order, parse
from wire.lifecycle import COMMAND, GUESSES, OPEN
from wire.lifecycle import states as states_of

__all__ = [
    "JOB_STATES",
    "SHOWN",
    "Answer",
    "AnswerQuery",
    "Job",
    "JobQuery",
    "JobRow",
    "Wave",
    "Word",
    "answers",
    "command",
    "every_answer",
    "job",
    "jobs",
    "of_kiosk",
]

MOST_OF_KIOSK: Final = 200


def jobs(conn: Connection, scope: Scope, query: JobQuery) -> Page[JobRow]:
    """Jobs with a kiosk in the scope."""
    wanted = _filters(scope, query)
    total = conn.scalar(select(func.count()).select_from(job_).where(*wanted)) or 0
    found = select(job_).where(*wanted).order_by(job_.c.id.desc())
    page = found.limit(query.size).offset((query.page - 1) * query.size)
    rows = conn.execute(page).all()
    return Page(_rows(conn, scope, rows), total, query.page, query.size)


def _filters(scope: Scope, query: JobQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.states:
        wanted.append(job_.c.state.in_(query.states))
    if query.kind:
        wanted.append(job_.c.kind == query.kind)
    if query.asked_by:
        wanted.append(job_.c.asked_by == query.asked_by)
    if not scope.everywhere:
        theirs = kiosks_within(scope, command_.c.kiosk_id)
        wanted.append(select(command_.c.id).where(command_.c.job_id == job_.c.id, *theirs).exists())
    return wanted


def _rows(conn: Connection, scope: Scope, rows: Iterable[Any]) -> list[JobRow]:
    """Jobs as they are shown, in the order given."""
    found = list(rows)
    ids = [row.id for row in found]
    counts = _counts(conn, scope, ids)
    agreed = select(approval.c.job_id, func.count()).where(approval.c.job_id.in_(ids))
    given = {row[0]: row[1] for row in conn.execute(agreed.group_by(approval.c.job_id))}
    told = JobRow._fields
    return [
        JobRow(
            **{name: getattr(row, name) for name in told if name in job_.c},
            kiosks=sum(counts[row.id].values()),
            given=given.get(row.id, 0),
            counts=shown(counts[row.id]),
        )
        for row in found
    ]


def _counts(conn: Connection, scope: Scope, ids: list[int]) -> dict[int, dict[str, int]]:
    """By job and stored state, from an index alone."""
    query = select(command_.c.job_id, command_.c.state, func.count())
    wanted = [command_.c.job_id.in_(ids), *kiosks_within(scope, command_.c.kiosk_id)]
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = conn.execute(query.where(*wanted).group_by(command_.c.job_id, command_.c.state))
    for job_id, state, many in rows:
        found[job_id][state] = many
    return found


def shown(counts: dict[str, int]) -> dict[str, int]:
    """Counts by stored state as people read them."""
    found: dict[str, int] = defaultdict(int)
    for state, many in counts.items():
        found[GUESSES.get(state, state)] += many
    return dict(found)


def job(conn: Connection, scope: Scope, job_id: int) -> Job:
    """Raises Refused (`unknown`), and Outside when no kiosk of it is in the scope."""
    found: Any = states.find(conn, job_id)
    states.reach(job_id).must_see(conn, scope)
    row = _rows(conn, scope, [found])[0]
    words = select(approval.c.login, approval.c.key_id, approval.c.at)
    words = words.where(approval.c.job_id == job_id).order_by(approval.c.at, approval.c.key_id)
    order = parse(found.order_text, Order)
    again = select(job_.c.id).where(job_.c.retry_of == job_id).order_by(job_.c.id)
    stored = _counts(conn, scope, [job_id])[job_id]
    return Job(
        row=row,
        order_id=found.order_id,
        asked=_asked(conn, scope, found),
        plan=found.plan,
        waves=_waves(conn, scope, found),
        words=[Word(*one) for one in conn.execute(words)],
        guesses=_guesses(conn, scope, job_id, stored),
        cool_off_s=(order.not_before - order.issued) // 1000,
        ends=_ends(conn, found),
        retry_of=found.retry_of,
        retried_by=list(conn.scalars(again)),
    )


def _guesses(conn: Connection, scope: Scope, job_id: int, stored: dict[str, int]) -> int:
    """What was never sent cannot have been done: that it is over is no guess."""
    count = sum(stored.get(state, 0) for state in GUESSES)
    if not stored.get("overdue"):
        return count
    mine = (command_.c.job_id == job_id, *kiosks_within(scope, command_.c.kiosk_id))
    unsent = (command_.c.state == "overdue", command_.c.sent_at.is_(None))
    query = select(func.count()).select_from(command_).where(*mine, *unsent)
    return count - (conn.scalar(query) or 0)


def _asked(conn: Connection, scope: Scope, found: Any) -> dict[str, Any]:
    """Which kiosks were meant; of those that were named, the ones in the scope."""
    asked: dict[str, Any] = found.asked
    if scope.everywhere or not asked.get("kiosks"):
        return asked
    ours = (command_.c.job_id == found.id, *kiosks_within(scope, command_.c.kiosk_id))
    joined = kiosk.join(command_, command_.c.kiosk_id == kiosk.c.id)
    theirs = set(conn.scalars(select(kiosk.c.name).select_from(joined).where(*ours)))
    return {**asked, "kiosks": [name for name in asked["kiosks"] if name in theirs]}


def _waves(conn: Connection, scope: Scope, found: Any) -> list[Wave]:
    many, first, last = func.count(), func.min(command_.c.after), func.max(command_.c.after)
    query = select(command_.c.wave, command_.c.state, many, first, last)
    wanted = [command_.c.job_id == found.id, *kiosks_within(scope, command_.c.kiosk_id)]
    waves: dict[int, list[Any]] = defaultdict(list)
    for row in conn.execute(query.where(*wanted).group_by(command_.c.wave, command_.c.state)):
        waves[row[0]].append(row)
    return [
        Wave(
            number=number,
            kiosks=sum(row[2] for row in rows),
            first=min(row[3] for row in rows),
            last=max(row[4] for row in rows),
            open=number <= found.wave,
            counts=shown({row[1]: row[2] for row in rows}),
        )
        for number, rows in sorted(waves.items())
    ]


def _ends(conn: Connection, found: Any) -> int | None:
    if found.state not in ("ready", "running"):
        return None if found.state in ("waiting", "held", "paused") else int(found.state_at)
    open_ = (command_.c.job_id == found.id, command_.c.state.in_(OPEN))
    joined = command_.join(kiosk_status, kiosk_status.c.kiosk_id == command_.c.kiosk_id)
    away = select(command_.c.id).select_from(joined).where(*open_)
    if conn.scalar(away.where(kiosk_status.c.presence != "online").limit(1)) is not None:
        return int(found.expires)
    last = conn.scalar(select(func.max(command_.c.after)).where(*open_)) or found.state_at
    return int(min(found.expires, max(last, found.state_at) + KINDS[found.kind].all_s * 1000))


def answers(conn: Connection, scope: Scope, job_id: int, query: AnswerQuery) -> Page[Answer]:
    """By kiosk, as they were registered. Raises as `job`."""
    found = states.find(conn, job_id)
    states.reach(job_id).must_see(conn, scope)
    wanted = [command_.c.job_id == job_id, *kiosks_within(scope, command_.c.kiosk_id)]
    if query.states:
        wanted.append(command_.c.state.in_(_stored(query.states)))
    if query.search.strip():
        called = select(kiosk.c.id).where(called_like(query.search))
        wanted.append(command_.c.kiosk_id.in_(called))
    total = found.count
    if len(wanted) > 1:
        total = conn.scalar(select(func.count()).select_from(command_).where(*wanted)) or 0
    ids = select(command_.c.id).where(*wanted).order_by(command_.c.kiosk_id)
    page = ids.limit(query.size).offset((query.page - 1) * query.size)
    return Page(_answers(conn, list(conn.scalars(page))), total, query.page, query.size)


def every_answer(conn: Connection, scope: Scope, job_id: int) -> list[Answer]:
    """Without paging, for exports; by kiosk. Raises as `job`."""
    states.find(conn, job_id)
    states.reach(job_id).must_see(conn, scope)
    wanted = (command_.c.job_id == job_id, *kiosks_within(scope, command_.c.kiosk_id))
    return [_answer(row) for row in conn.execute(_shown().where(*wanted).order_by(kiosk.c.name))]


def of_kiosk(conn: Connection, scope: Scope, kiosk_name: str, limit: int = 20) -> list[Answer]:
    """Newest first. Raises Refused (`unknown`) and Outside."""
    number = kiosk_id(conn, scope, kiosk_name)
    if number is None:
        raise Refused("unknown", f"nobody registered a kiosk {kiosk_name[:40]!r}")
    latest = select(command_.c.id).where(command_.c.kiosk_id == number)
    latest = latest.order_by(command_.c.id.desc()).limit(min(limit, MOST_OF_KIOSK))
    return _answers(conn, list(conn.scalars(latest)))


def command(conn: Connection, scope: Scope, command_id: str) -> Answer:
    """Raises Refused (`unknown`) and Outside."""
    row = conn.execute(_shown().where(command_.c.command_id == command_id)).one_or_none()
    if row is None:
        raise Refused("unknown", "there is no such command")
    if not scope.holds(row.site_code):
        raise Outside(f"command {command_id}", row.site_code)
    return _answer(row)


def _stored(wanted: Iterable[str]) -> list[str]:
    """The stored states that are shown as one of these."""
    known = states_of(COMMAND)
    return [state for state in sorted(known) if GUESSES.get(state, state) in wanted]


def _answers(conn: Connection, ids: list[int]) -> list[Answer]:
    rows = {row.id: _answer(row) for row in conn.execute(_shown().where(command_.c.id.in_(ids)))}
    return [rows[one] for one in ids if one in rows]


_OTHERS: Final = {
    "kind": job_.c.kind,
    "kiosk": kiosk.c.name,
    "site_code": kiosk.c.site_code,
    "site_name": site.c.name,
    "presence": kiosk_status.c.presence,
    "attachment_type": func.coalesce(attachment.c.type, ""),
    "attachment_size": func.coalesce(attachment.c.size, 0),
    "asked_by": job_.c.asked_by,
    "job_why": job_.c.why,
    "job_state": job_.c.state,
}


def _shown() -> Select[Any]:
    own = (command_.c[name] for name in Answer._fields if name in command_.c)
    handed = (attachment.c.command_id == command_.c.id) & (
        attachment.c.sha256 == command_.c.attachment
    )
    return (
        select(command_.c.id, *own, *(one.label(name) for name, one in _OTHERS.items()))
        .select_from(command_)
        .join(job_, job_.c.id == command_.c.job_id)
        .join(kiosk, kiosk.c.id == command_.c.kiosk_id)
        .join(site, site.c.code == kiosk.c.site_code)
        .join(kiosk_status, kiosk_status.c.kiosk_id == command_.c.kiosk_id)
        .outerjoin(attachment, handed)
    )


def _answer(row: Any) -> Answer:
    values = {name: getattr(row, name) for name in Answer._fields if name != "guess"}
    state = GUESSES.get(row.state, row.state)
    guess = row.state in GUESSES and (row.state != "overdue" or row.sent_at is not None)
    return Answer(**values | {"state": state, "guess": guess})
