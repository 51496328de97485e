"""What people see of rollouts: the rows, and what may be asked of them.

Notes, reasons and facts come from kiosks: hostile, whoever shows them escapes them. Times are
milliseconds since 1970 by the office's clock, sizes bytes.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from controller.paging import check_page
from controller.words import check_text, check_words

ROLLOUT_STATES: Final = (
    "waiting",
    "ready",
    "running",
    "held",
    "paused",
    "rolling_back",
    "finished",
    "rolled_back",
    "aborted",
    "refused",
)
LIVING: Final = ("waiting", "ready", "running", "held", "paused", "rolling_back")
# What needs people first. `waiting`: its phase is not open; `wanted`: it was told or will be.
SHARE_STATES: Final = ("failed", "rolled_back", "wanted", "waiting", "installed")


@dataclass(frozen=True, kw_only=True)
class RolloutQuery:
    """Newest first. `states` of ROLLOUT_STATES. Raises BadQuestion."""

    states: tuple[str, ...] = ()
    bundle: str = ""
    page: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        check_words("state", self.states, ROLLOUT_STATES)
        check_text("bundle", self.bundle)
        check_page(self.page, self.size)


class RolloutRow(NamedTuple):
    """`counts`: share state -> kiosks, of the viewer's kiosks only, as is `kiosks`.

    `given` of `approvals` people have agreed. `phase` is the one that is open, 0 before the first,
    `phases` how many there are, the one of the held-back kiosks included.
    """

    id: int
    bundle: str
    seq: int
    state: str
    state_at: int
    state_why: str
    why: str
    asked_by: str
    asked_at: int
    approvals: int
    given: int
    not_before: int
    phase: int
    phase_at: int
    phases: int
    kiosks: int
    counts: dict[str, int]


class PhaseRow(NamedTuple):
    """`bound` as in the plan; empty for a list or filter (`asked`) and for who was held back."""

    number: int
    bound: str
    asked: dict[str, Any]
    held_back: bool
    open: bool
    kiosks: int
    counts: dict[str, int]
    back: int


class Group(NamedTuple):
    """Kiosks that can be compared: citizens could be served there when the rollout began.

    `unserved`: some service cannot be had there now; `silent`: not heard for longer than is usual
    for it; `returned`: went back to its release before by itself. `bad` is any of these, each
    kiosk once.
    """

    kiosks: int
    bad: int
    unserved: int
    silent: int
    returned: int


class Compared(NamedTuple):
    """`chance`: how probable so great a difference is when the release does no harm.

    `limit`: below this the gate stops it at its next look; 0 when the looks of this phase are used
    up. `looks`: how many of how many there were.
    """

    updated: Group
    control: Group
    chance: float
    limit: float
    looks: int


class DecisionRow(NamedTuple):
    """Newest first. `what`: open, wait, hold, stop, finish.

    `phase`: the one that was open then, 0 before the first. `numbers`: what it was decided on.
    """

    id: int
    at: int
    phase: int
    what: str
    why: str
    numbers: dict[str, Any]


class Word(NamedTuple):
    """Somebody agreed."""

    login: str
    at: int


class Rollout(NamedTuple):
    """`ends`: when it is over, predicted; None when that hangs on people or on kiosks away."""

    row: RolloutRow
    asked: dict[str, Any]
    plan: dict[str, Any]
    phases: list[PhaseRow]
    compared: Compared
    decisions: list[DecisionRow]
    words: list[Word]
    ends: int | None


@dataclass(frozen=True, kw_only=True)
class ShareQuery:
    """`states` of SHARE_STATES; `phase` 0: any; `search` a part of the kiosk's or site's name."""

    states: tuple[str, ...] = ()
    phase: int = 0
    search: str = ""
    page: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        check_words("state", self.states, SHARE_STATES)
        check_text("search", self.search)
        check_page(self.page, self.size)


class ShareRow(NamedTuple):
    """One kiosk of a rollout.

    `install`, `done`, `total` and `note` are what it last said of its progress towards this
    release; `install` is empty while it has said nothing. `verdict`: `served`, `unserved`,
    `silent`, or `unknown`.
    """

    kiosk: str
    site_code: str
    site_name: str
    presence: str
    phase: int
    control: bool
    before_seq: int
    state: str
    verdict: str
    well_before: bool | None
    wanted_at: int | None
    seen_at: int | None
    settled_at: int | None
    code: str
    why: str
    back: bool
    install: str
    done: int
    total: int
    note: str
    now_seq: int


class OfKiosk(NamedTuple):
    """One bundle on one kiosk: what it shall have, what it has, how far it is.

    `desired` 0: nothing is desired of it. `reported` 0: it has none, or never said. `state` is
    of the table INSTALL and speaks of `wanted`; empty: it never spoke. `due`: when the office says
    it again, None: it has answered.
    """

    bundle: str
    desired: int
    attempt: int
    rollout_id: int | None
    not_before: int
    windows: list[list[int]]
    due: int | None
    reported: int
    wanted: int
    state: str
    done: int
    total: int
    code: str
    why: str
    facts: dict[str, Any]
    at: int | None
    note: str  # of the release that is desired
