"""Agreeing to a job, with a key the office does not hold; and refusing it.

One person counts once, whatever keys they have. The office checks what the kiosk will check again.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from controller.deeds import Doer
from controller.people.powers import Scope


class Statement(NamedTuple):
    """What is signed: `message` (base64) are the very bytes; `order` the text within them."""

    job_id: int
    order: str
    at: int
    message: str


class Agreed(NamedTuple):
    """`given` of `needed` people have agreed; `first`: this very call counted."""

    first: bool
    given: int
    needed: int
    state: str
    not_before: int


def statement(conn: Connection, scope: Scope, job_id: int, at: int) -> Statement:
    """`at`: office milliseconds, of now. Raises Refused (`unknown`, `state`) and Outside."""
    raise NotImplementedError


def agree(
    conn: Connection, by: Doer, job_id: int, key_id: str, at: int, signature: str, now: int
) -> Agreed:
    """Raises Refused (`unknown`, `state`, `key`, `signature`, `at`), Lacks and Outside."""
    raise NotImplementedError


def refuse(conn: Connection, by: Doer, job_id: int, why: str, now: int) -> None:
    """Nobody may agree to it any more. Raises Refused (`unknown`, `state`, `why`), Outside."""
    raise NotImplementedError
