"""Asking for something to be done: what it would mean, and then the job with all its commands.

Owns the rows of `job` and `command` as they are born. Says nothing to kiosks: who asks rings the
bell after the commit. The policy in force decides what it needs.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from controller.deeds import Doer
from controller.jobs.asked import Asked
from controller.jobs.plan import Plan
from wire.actions import Power


class Wish(NamedTuple):
    """`valid_s`: how long kiosks may begin it. `token`: 32 hex, the same for every repetition of
    one click; empty makes a new one.
    """

    kind: str
    args: Mapping[str, Any]
    asked: Asked
    plan: Plan = Plan()
    why: str = ""
    valid_s: int = 3600
    token: str = ""
    retry_of: int | None = None


class Problem(NamedTuple):
    """Why it cannot be asked for so: the code and words of Refused."""

    code: str
    why: str


class Preview(NamedTuple):
    """What asking would mean. Times are milliseconds; 0 where a problem leaves them open.

    `offline`: they get it when they return, if they do before `expires`. `first` and `last`: the
    earliest moments at which the first and the last kiosk may begin. `waves`: kiosks in each.
    """

    kiosks: int
    online: int
    offline: int
    power: Power
    approvals: int
    cool_off_s: int
    first: int
    last: int
    expires: int
    waves: tuple[int, ...]
    problems: tuple[Problem, ...]


def preview(conn: Connection, by: Doer, wish: Wish, now: int) -> Preview:
    """Writes nothing. Raises Refused (`no_policy`, `unknown`, `asked`), BadQuestion, Outside."""
    raise NotImplementedError


def ask(conn: Connection, by: Doer, wish: Wish, now: int) -> int:
    """The job's id; the same one for a token that was used. Raises as `preview`, and Refused or
    Lacks for what stands in its problems. Inside a `writing` transaction, last in it.
    """
    raise NotImplementedError
