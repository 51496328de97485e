"""What people see of rollouts. Reads only, and only what lies in the scope.

Texts and facts come from kiosks: hostile, whoever shows them escapes them.
"""

from sqlalchemy import Connection

from controller.paging import Page
from controller.people.powers import Scope
from controller.rollouts.shapes import (
    LIVING,
    ROLLOUT_STATES,
    SHARE_STATES,
    Compared,
    DecisionRow,
    Group,
    OfKiosk,
    PhaseRow,
    Rollout,
    RolloutQuery,
    RolloutRow,
    ShareQuery,
    ShareRow,
    Word,
)

__all__ = [
    "LIVING",
    "ROLLOUT_STATES",
    "SHARE_STATES",
    "Compared",
    "DecisionRow",
    "Group",
    "OfKiosk",
    "PhaseRow",
    "Rollout",
    "RolloutQuery",
    "RolloutRow",
    "ShareQuery",
    "ShareRow",
    "Word",
    "of_kiosk",
    "rollout",
    "rollouts",
    "shares",
]


def rollouts(conn: Connection, scope: Scope, query: RolloutQuery) -> Page[RolloutRow]:
    """Rollouts with a kiosk in the scope, newest first."""
    raise NotImplementedError


def rollout(conn: Connection, scope: Scope, rollout_id: int, now: int) -> Rollout:
    """Raises Refused (`unknown`), and Outside when no kiosk of it is in the scope."""
    raise NotImplementedError


def shares(
    conn: Connection, scope: Scope, rollout_id: int, query: ShareQuery, now: int
) -> Page[ShareRow]:
    """By phase, then what needs people first. Raises as `rollout`."""
    raise NotImplementedError


def of_kiosk(conn: Connection, scope: Scope, kiosk_name: str) -> list[OfKiosk]:
    """By bundle. Raises Refused (`unknown`) and Outside."""
    raise NotImplementedError
