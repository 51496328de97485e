"""Saved lists: kiosks to act on together, as a filter of the list of kiosks or as names."""

from typing import NamedTuple

from sqlalchemy import Connection

from controller.deeds import Doer
from controller.jobs.asked import Asked


class SavedList(NamedTuple):
    id: int
    name: str
    asked: Asked
    made_by: str
    made_at: int


def every(conn: Connection) -> list[SavedList]:
    """By name."""
    raise NotImplementedError


def save(conn: Connection, by: Doer, name: str, asked: Asked, now: int) -> int:
    """Raises Refused (`asked`, `unknown`, `state`: the name is taken), BadQuestion, Outside."""
    raise NotImplementedError


def rename(conn: Connection, by: Doer, list_id: int, name: str, now: int) -> None:
    """Its maker's or a supervisor's of everywhere to do. Raises Refused."""
    raise NotImplementedError


def delete(conn: Connection, by: Doer, list_id: int, now: int) -> None:
    """As `rename`."""
    raise NotImplementedError
