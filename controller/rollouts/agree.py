"""Agreeing to a rollout as a second person, and refusing it. A person counts once, the asker never.

Every function writes its row of the audit log. Inside a `writing` transaction, last in it; who
calls rings.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from controller.deeds import Doer


class Agreed(NamedTuple):
    """`given` of `needed` people have agreed; `first`: this very call counted."""

    first: bool
    given: int
    needed: int
    state: str


def agree(conn: Connection, by: Doer, rollout_id: int, now: int) -> Agreed:
    """Saying it again changes nothing. Raises Refused (`unknown`, `state`), Lacks, Outside."""
    raise NotImplementedError


def refuse(conn: Connection, by: Doer, rollout_id: int, why: str, now: int) -> None:
    """Nobody may agree to it any more. Raises Refused (`unknown`, `state`, `why`), Lacks, Outside."""
    raise NotImplementedError
