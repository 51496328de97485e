"""Asking for a rollout: a published release, kiosks, phases.

Owns the rows of `rollout` and `share` as they are born. Says nothing to kiosks: the clerk opens
phases. What it would mean is told by dry.py.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from controller.deeds import Doer
from controller.jobs.asked import Asked
from controller.rollouts.plan import Plan


class Request(NamedTuple):
    """`not_before`: office ms, 0 for at once. `approvals`: people who must agree beside the asker.

    `token`: 32 hex, the same for every repetition of one click; empty makes a new one. `at_most`:
    so many kiosks its asker has seen, 0 for one who did not look.
    """

    bundle: str
    seq: int
    asked: Asked
    plan: Plan = Plan()
    why: str = ""
    not_before: int = 0
    approvals: int = 0
    token: str = ""
    at_most: int = 0


def ask(conn: Connection, by: Doer, request: Request, now: int) -> int:
    """The rollout's id; the same one for a token that was used.

    Raises Refused (codes of dry.py's problems), Lacks, BadQuestion, Outside. Inside a `writing`
    transaction, last in it.
    """
    raise NotImplementedError
