"""Rows of jobs and of rollouts: found, and moved only by their table, by whoever is first."""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, select, update

from controller.jobs.refused import Refused
from wire.lifecycle import IllegalMove, move
from wire.lifecycle import Table as Moves

MOST_WHY: Final = 300


class Rows(NamedTuple):
    """`moves`: the states of what stands in the table."""

    table: Table
    moves: Moves

    def find(self, conn: Connection, number: int, *, locked: bool) -> Any:
        """`locked`: until the transaction ends nobody changes it. Raises Refused (`unknown`)."""
        query = select(self.table).where(self.table.c.id == number)
        row = conn.execute(query.with_for_update() if locked else query).one_or_none()
        if row is None:
            raise Refused("unknown", f"there is no {self.table.name} {number}")
        return row

    def move(
        self, conn: Connection, found: Any, event: str, why: str, now: int, **values: Any
    ) -> str:
        """The new state. Raises Refused (`state`) when it may not, or somebody was first."""
        table, name = self.table, f"{self.table.name} {found.id}"
        try:
            new = move(self.moves, found.state, event)
        except IllegalMove:
            raise Refused("state", f"{name} is {found.state}") from None
        changed = {"state": new, "state_at": now, "state_why": why[:MOST_WHY], **values}
        same = (table.c.id == found.id, table.c.state == found.state)
        if conn.execute(update(table).where(*same).values(changed)).rowcount != 1:
            raise Refused("state", f"{name} changed meanwhile: look again")
        return new
