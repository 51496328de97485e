"""What people see of jobs and commands. Reads only, and only what lies in the scope.

A guess of the office is shown as what it stands for, and marked: `guess`. Texts and facts come
from kiosks: hostile, whoever shows them escapes them.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from controller.paging import Page
from controller.people.powers import Scope


@dataclass(frozen=True, kw_only=True)
class JobQuery:
    """Newest first. `states` of wire.lifecycle.JOB. Raises BadQuestion."""

    states: tuple[str, ...] = ()
    kind: str = ""
    asked_by: str = ""
    page: int = 1
    size: int = 50


class JobRow(NamedTuple):
    """`counts`: shown state -> commands, of the viewer's kiosks only, as is `kiosks`.

    `given` of `approvals` people have agreed. Times are milliseconds.
    """

    id: int
    kind: str
    args: dict[str, Any]
    power: str
    kiosks: int
    why: str
    asked_by: str
    asked_at: int
    state: str
    state_at: int
    state_why: str
    approvals: int
    given: int
    not_before: int
    expires: int
    wave: int
    counts: dict[str, int]


class Wave(NamedTuple):
    """`first`: the earliest moment of its first kiosk; `open`: whether it may go."""

    number: int
    kiosks: int
    first: int
    last: int
    open: bool
    counts: dict[str, int]


class Word(NamedTuple):
    """Somebody agreed."""

    login: str
    key_id: str
    at: int


class Job(NamedTuple):
    """`guesses`: commands whose shown state is a guess.

    `ends`: when it is over, predicted (ms);
    None when that hangs on people.
    """

    row: JobRow
    order_id: str
    asked: dict[str, Any]
    plan: dict[str, Any]
    waves: list[Wave]
    words: list[Word]
    guesses: int
    cool_off_s: int
    ends: int | None
    retry_of: int | None
    retried_by: list[int]


@dataclass(frozen=True, kw_only=True)
class AnswerQuery:
    """`states` are shown states; `search` a part of the kiosk's or its site's name."""

    states: tuple[str, ...] = ()
    search: str = ""
    page: int = 1
    size: int = 50


class Answer(NamedTuple):
    """One kiosk's share.

    `attachment`: SHA-256 of what it handed in; `attachment_type` empty
    while the office has not got it.
    """

    command_id: str
    job_id: int
    kind: str
    kiosk: str
    site_code: str
    site_name: str
    presence: str
    wave: int
    after: int
    expires: int
    state: str  # as shown
    guess: bool
    state_at: int
    sent_at: int | None
    sends: int
    accepted_at: int | None
    ended_at: int | None
    percent: int
    note: str
    code: str
    why: str
    facts: dict[str, Any]
    attachment: str | None
    attachment_type: str
    attachment_size: int
    cancel_at: int | None
    cancel_by: str | None
    asked_by: str
    job_why: str
    job_state: str


def jobs(conn: Connection, scope: Scope, query: JobQuery) -> Page[JobRow]:
    """Jobs with a kiosk in the scope."""
    raise NotImplementedError


def job(conn: Connection, scope: Scope, job_id: int) -> Job:
    """Raises Refused (`unknown`), and Outside when no kiosk of it is in the scope."""
    raise NotImplementedError


def answers(conn: Connection, scope: Scope, job_id: int, query: AnswerQuery) -> Page[Answer]:
    """Raises as `job`."""
    raise NotImplementedError


def of_kiosk(conn: Connection, scope: Scope, kiosk: str, limit: int = 20) -> list[Answer]:
    """Newest first. Raises Refused (`unknown`) and Outside."""
    raise NotImplementedError


def command(conn: Connection, scope: Scope, command_id: str) -> Answer:
    """Raises Refused (`unknown`) and Outside."""
    raise NotImplementedError
