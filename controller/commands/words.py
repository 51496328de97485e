"""What a kiosk's word makes of a command: pure, a row and a message in, the new row out.

The kiosk knows better than the office: a guess (`overdue`, `silent`) gives way to whatever it
says. An end is an end: the same one again changes nothing, another one is refused. Touches no
database and no clock; who calls stores the outcome, and puts aside what is refused.
"""

from typing import Any, Final, NamedTuple

from wire.actions import KINDS
from wire.lifecycle import COMMAND, ENDS, OPEN, IllegalMove, move
from wire.messages import Progress, Result

QUIET_MS: Final = 60_000  # of grace, on top of a kind's longest run
_ENDS: Final = {state: event for event, state in ENDS.items()}
_SIGNS: Final = {"accepted": "accept", "running": "progress"}


class Standing(NamedTuple):
    """A command as it is stored, with its job's kind and the moment it was asked for."""

    id: int
    command_id: str
    kiosk_id: int
    job_id: int
    kind: str
    asked_at: int
    after: int
    state: str
    state_at: int
    due: int
    accepted_at: int | None
    ended_at: int | None
    percent: int
    note: str
    code: str
    why: str
    facts: dict[str, Any]
    attachment: str | None
    kiosk_began: int | None
    kiosk_ended: int | None


# What a kiosk's word may change of it.
HEARD: Final = Standing._fields[8:]


class Refused(Exception):  # noqa: N818 - says what happened
    """`reason` is of a dead letter. Nothing changes."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)


def longest_ms(kind: str) -> int:
    """How long a kiosk may be silent about a command it has taken, before the office guesses."""
    return (KINDS[kind].all_s if kind in KINDS else 600) * 1000 + QUIET_MS


def hear(row: Standing | None, kiosk_id: int, message: Progress | Result, now: int) -> Standing:
    """The row after this word; the very same one when it is no news. Raises Refused."""
    if row is None:
        raise Refused("unknown_command", f"no command {message.command}, said {message.state}")
    if row.kiosk_id != kiosk_id:
        raise Refused("not_its_command", f"command {message.command} is another kiosk's")
    event = _ENDS[message.state] if isinstance(message, Result) else _SIGNS[message.state]
    try:
        state = move(COMMAND, row.state, event)
    except IllegalMove:
        raise Refused("second_end", f"{row.state} before, now {message.state}") from None
    since = row.state_at if state == row.state else now
    if isinstance(message, Progress):
        return _under_way(row, state, since, message, now)
    if state == row.state:
        return row  # said again
    return _ended(row, state, since, message, now)


def seconds(row: Standing) -> float:
    """From the moment it could have begun to its end."""
    return max(0, (row.ended_at or 0) - max(row.asked_at, row.after)) / 1000


def _under_way(row: Standing, state: str, since: int, said: Progress, now: int) -> Standing:
    if state not in OPEN:
        return row  # overtaken by its end
    heard = row._replace(
        state=state,
        state_at=since,
        due=now + longest_ms(row.kind),
        accepted_at=row.accepted_at if row.accepted_at is not None else now,
        note=said.note,
    )
    # `accepted` after `running` was overtaken on the way: it knows less.
    return heard._replace(percent=said.percent) if said.state == state else heard


def _ended(row: Standing, state: str, since: int, said: Result, now: int) -> Standing:
    attached = said.attachment.sha256 if said.attachment is not None else None
    return row._replace(
        state=state,
        state_at=since,
        ended_at=now,
        percent=100 if state == "succeeded" else row.percent,
        code=said.code,
        why=said.why,
        facts=dict(said.facts),
        attachment=attached,
        kiosk_began=said.began,
        kiosk_ended=said.ended,
    )
