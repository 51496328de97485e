"""What people see of jobs and commands: the rows, and what may be asked of them.

Texts and facts come from kiosks: hostile, whoever shows them escapes them. Times are milliseconds.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from controller.paging import check_page
from controller.words import check_text, check_words

JOB_STATES: Final = (
    "waiting",
    "ready",
    "running",
    "held",
    "paused",
    "finished",
    "cancelled",
    "refused",
)
SHOWN: Final = (
    "failed",
    "unknown",
    "rejected",
    "expired",
    "running",
    "accepted",
    "sent",
    "queued",
    "cancelled",
    "succeeded",
)  # what needs people first


@dataclass(frozen=True, kw_only=True)
class JobQuery:
    """Newest first. `states` of wire.lifecycle.JOB. Raises BadQuestion."""

    states: tuple[str, ...] = ()
    kind: str = ""
    asked_by: str = ""
    page: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        check_words("state", self.states, JOB_STATES)
        check_text("kind", self.kind)
        check_text("asked_by", self.asked_by)
        check_page(self.page, self.size)


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

    def __post_init__(self) -> None:
        check_words("state", self.states, SHOWN)
        check_text("search", self.search)
        check_page(self.page, self.size)


class Answer(NamedTuple):
    """One kiosk's share.

    `due`: while it is queued, when it has its turn by the rate and the window of its job; at its
    expiry when it waits for its kiosk or its wave, later when no window comes any more.
    `attachment`: SHA-256 of what it handed in; `attachment_type` empty while the office has not
    got it.
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
    due: int
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
