"""The one place that moves a command: every change of `command.state` is an update made here.

A Turn is decided by the table of wire/lifecycle.py and carried out only where the command is still
in the state it was decided on. Facts are stored (who, when, what was said), nothing is computed.
Called in the caller's transaction; knows no clock, no broker and no kiosk.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    exists,
    literal_column,
    select,
    update,
)

from controller.changes import News
from controller.store.command_tables import command, job
from controller.store.tables import kiosk_status
from wire.lifecycle import COMMAND, OPEN, move

# Literally, or the databases cannot see that the partial indexes hold these rows.
OPEN_STATES: Final = "{}.state IN ('queued', 'sent', 'accepted', 'running')"
IS_OPEN: Final[ColumnElement[bool]] = literal_column(OPEN_STATES.format("command"))


class Stored(Protocol):
    """What a Turn must know of a command's row."""

    @property
    def id(self) -> int: ...
    @property
    def command_id(self) -> str: ...
    @property
    def kiosk_id(self) -> int: ...
    @property
    def job_id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def state_at(self) -> int: ...


class Turn(NamedTuple):
    """One command from `old` to `new`, with the columns that change. `old` may equal `new`."""

    id: int
    command_id: str
    kiosk_id: int
    job_id: int
    old: str
    new: str
    values: Mapping[str, Any]


def turn(row: Stored, event: str, now: int, **values: Any) -> Turn:
    """Raises IllegalMove."""
    new = move(COMMAND, row.state, event)
    since = now if new != row.state else row.state_at
    return to(row, new, state_at=since, **values)


def to(row: Stored, new: str, **values: Any) -> Turn:
    """A turn whose end was found by the table before, or that only changes other columns."""
    return Turn(row.id, row.command_id, row.kiosk_id, row.job_id, row.state, new, values)


def lock(conn: Connection, wanted: ColumnElement[bool]) -> None:
    """Nobody else changes these commands until the transaction ends.

    Always lowest id first: two who lock the same commands in different orders wait for each other
    for ever. Every change of many commands begins with this, or with a query in that order.
    """
    if conn.dialect.name == "postgresql":  # elsewhere there is one writer
        conn.execute(select(command.c.id).where(wanted).order_by(command.c.id).with_for_update())


def carry_out(conn: Connection, turns: Iterable[Turn]) -> None:
    """All of them, in one statement for each set of columns."""

    def columns(one: Turn) -> tuple[str, ...]:
        return tuple(sorted(one.values))

    for names, alike in groupby(sorted(turns, key=columns), key=columns):
        conn.execute(_statement(names), [*map(_parameters, alike)])


def cancel(conn: Connection, wanted: ColumnElement[bool], by: str, now: int) -> tuple[int, int]:
    """Somebody wants these commands no more: (ended here and now, to be asked of their kiosks).

    What was never sent is cancelled; for the rest the office asks at once, and the kiosk's word
    decides. The caller rings the bell after the commit, and tells of its job.
    """
    lock(conn, and_(wanted, IS_OPEN))
    asked = {"cancel_at": now, "cancel_by": by[:80]}
    ended = {**asked, "state": "cancelled", "state_at": now, "ended_at": now}
    unsent = update(command).where(wanted, command.c.state == "queued").values(ended)
    sent = command.c.state.in_([state for state in OPEN if state != "queued"])
    open_ = update(command).where(wanted, sent, command.c.cancel_at.is_(None))
    done = conn.execute(unsent).rowcount
    return done, conn.execute(open_.values({**asked, "due": now})).rowcount


def look_again(conn: Connection, partitions: Iterable[int]) -> int:
    """What was put off until it expires, and might go after all, is due again.

    Whoever puts off what cannot go (its kiosk is not there, its wave is not open) may be overtaken
    by what makes it possible: this finds those, seldom and as a whole.
    """
    ours = (command.c.partition.in_(list(partitions)), command.c.state == "queued")
    put_off = command.c.due == command.c.expires
    released = exists().where(
        job.c.id == command.c.job_id, job.c.state == "running", job.c.wave >= command.c.wave
    )
    here = exists().where(
        kiosk_status.c.kiosk_id == command.c.kiosk_id, kiosk_status.c.presence == "online"
    )
    these = (*ours, IS_OPEN, put_off, released, here)
    lock(conn, and_(*these))
    return conn.execute(update(command).where(*these).values(due=command.c.after)).rowcount


def news(turns: Iterable[Turn]) -> list[News]:
    """One for each command, and one for each job."""
    found = {one.command_id: one for one in turns}
    told = [News("command", one.kiosk_id, one.command_id) for one in found.values()]
    jobs = dict.fromkeys(one.job_id for one in found.values())
    return told + [News("job", None, str(job_id)) for job_id in jobs]


@cache
def _statement(names: tuple[str, ...]) -> Update:
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("state", *names)}
    ours = (command.c.id == bindparam("the_id"), command.c.state == bindparam("old"))
    return update(command).where(*ours).values(changed)


def _parameters(one: Turn) -> dict[str, Any]:
    named = {f"new_{name}": value for name, value in one.values.items()}
    return {**named, "new_state": one.new, "the_id": one.id, "old": one.old}
