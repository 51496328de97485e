"""What officers see of submissions: the rows, and what may be asked of them.

Nothing here tells who somebody is: what a citizen wrote is opened by the registrar alone. Times are
milliseconds since 1970.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from controller.inbox.limits import Limit
from controller.paging import check_page
from controller.words import check_text, check_words
from wire.lifecycle import SUBMISSION_ENDS
from wire.service.document import STATES

QUEUES: Final = ("todo", "late", "mine", "waiting", "ready", "ended", "all")
KINDS: Final = ("apply", "complain")
TODO: Final = ("submitted", "verifying", "processing")
OPEN: Final = tuple(state for state in STATES if state not in SUBMISSION_ENDS)


@dataclass(frozen=True, kw_only=True)
class Query:
    """What somebody looks for; what is due first comes first.

    `queue`: todo (an officer's turn), late (over its limit), mine (open, in the hands of `login`),
    waiting (for a citizen), ready, ended, all. `number` begins a receipt number or a file number.
    Raises BadQuestion.
    """

    queue: str = "todo"
    kind: str = ""
    tenant: str = ""
    agency: str = ""
    place: str = ""  # a district holds its villages
    service: str = ""
    category: str = ""
    state: str = ""
    number: str = ""
    login: str = ""
    page: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        check_words("queue", [self.queue], QUEUES)
        check_words("kind", [self.kind] if self.kind else [], KINDS)
        check_words("state", [self.state] if self.state else [], STATES)
        for name in ("tenant", "agency", "place", "service", "category", "number", "login"):
            check_text(name, getattr(self, name))
        check_page(self.page, self.size)


class Row(NamedTuple):
    """One submission. `class_` of complaints; `assigned_to` a login, "" nobody's.

    `same_as` is the one it was merged with; `destroyed_at`: what the citizen wrote is gone.
    """

    id: int
    number: str
    kind: str
    tenant: str
    service: str
    revision: int
    agency: str
    place: str
    category: str
    class_: str
    anonymity: str
    made_at: int
    arrived_at: int
    state: str
    state_at: int
    version: int
    due_at: int | None
    due_what: str
    assigned_to: str
    file_number: str
    same_as: int | None
    destroyed_at: int | None
    kiosk: str

    @property
    def limit(self) -> Limit:
        return Limit(self.due_at, self.due_what)

    @property
    def where(self) -> str:
        """The place by which districts are told apart: its tenant's where it names none."""
        return self.place or self.tenant


class Event(NamedTuple):
    """`event` of wire.lifecycle.SUBMISSION, or take, note, print, export, merge.

    `has_note`: sealed words among officers.
    """

    id: int
    at: int
    by: str
    event: str
    old: str
    new: str
    why: str
    has_note: bool


class Look(NamedTuple):
    """Somebody saw what the citizen wrote. `what`: open, print, export, photo, note."""

    at: int
    by: str
    what: str


class Detail(NamedTuple):
    """`twins` were merged with it; `alike` may be about the same and are open."""

    row: Row
    events: list[Event]
    looks: list[Look]
    twins: list[Row]
    alike: list[Row]


class Week(NamedTuple):
    """One service in seven days from `since`. Days are working days from arrival to the end.

    `late` of those `done` were over their limit; `days` is the median, None with nothing done.
    """

    since: int
    tenant: str
    service: str
    kind: str
    arrived: int
    done: int
    rejected: int
    late: int
    days: int | None
    waiting: int
