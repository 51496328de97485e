"""People's keys for agreeing: the public halves. In force once the roots signed a policy with them.

Private halves never come here.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from controller.deeds import Doer


class KeyRow(NamedTuple):
    """`in_force`: version of the newest policy if it holds the key, 0: waits for the ceremony."""

    key_id: str
    login: str
    name: str
    label: str
    public: str
    made_at: int
    ended_at: int | None
    in_force: int


def add(conn: Connection, by: Doer, public: str, label: str, now: int) -> str:
    """The key's id; again is no harm. `public`: 32 bytes, base64. Raises Refused (`key`)."""
    raise NotImplementedError


def mine(conn: Connection, account: int) -> list[KeyRow]:
    raise NotImplementedError


def every(conn: Connection) -> list[KeyRow]:
    """Of everybody, ended ones too, by login."""
    raise NotImplementedError


def end(conn: Connection, by: Doer, key_id: str, now: int) -> None:
    """Their own key; it stays in force until the next ceremony. Raises Refused (`unknown`)."""
    raise NotImplementedError
