"""What one kiosk is told now, and what becomes of its open commands: pure, rows and `now` in.

The rules: everything that was sent and is not over is said together with what may go now, lowest
number first, so that no order of arrival loses one. What was never sent is renumbered above all
this kiosk was ever sent, because it refuses lower ones for ever. An answer is waited for with
growing pauses; what cannot go is put off until it expires: the kiosk's birth brings it back, or
whoever opens its wave. `due` of what was never sent is its turn, when a job has a rate. Outside the
window of its job nothing is told of a command that the kiosk has not said it took, but that it is
not wanted any more: whoever missed the window, for whatever reason, is told in the next one.

Two guesses: nobody took it in time (`overdue`), nothing was heard of what was taken (`silent`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from controller.commands import turns
from controller.commands.turns import Turn
from controller.commands.words import longest_ms
from controller.jobs import plan as job_plan
from wire.envelope import MOST_OPEN

PAUSES_S: Final = (15, 30, 60, 120, 300, 600)  # between two tellings without an answer
GRACE_MS: Final = 30_000  # its own word that it expired may be on its way
ASK_MS: Final = 15_000
HELD_MS: Final = 2_000


class Kiosk(NamedTuple):
    """`number`: the highest it has taken or was ever sent. `listens`: online, and takes orders.

    `held`: it must have a newer policy first, which may know keys that its own does not.
    """

    id: int
    name: str
    partition: int
    nonce: str
    policy: int
    number: int
    listens: bool
    held: bool = False


class Open(NamedTuple):
    """One open command, with what its job says of it."""

    id: int
    command_id: str
    kiosk_id: int
    job_id: int
    number: int
    wave: int
    after: int
    expires: int
    state: str
    state_at: int
    due: int
    sent_at: int | None
    sends: int
    cancel_at: int | None
    kind: str
    job_state: str
    job_wave: int
    job_plan: Mapping[str, Any]


class Plan(NamedTuple):
    """`say`: lowest number first; `speak`: whether to say it now. `crowded`: more is waiting."""

    say: tuple[Open, ...]
    turns: list[Turn]
    speak: bool = False
    crowded: bool = False


def plan(kiosk: Kiosk, found: Iterable[Open], now: int, *, born: bool = False) -> Plan:
    """`born`: the kiosk has just come, and is told everything, also nothing."""
    rows = sorted(found, key=lambda row: row.number)
    given_up = [one for row in rows if (one := _give_up(kiosk, row, now))]
    gone = {one.id for one in given_up}
    rows = [row for row in rows if row.id not in gone]
    ready = [row for row in rows if _may_go(row, now)]
    resting = [row for row in rows if row not in ready and (row.due <= now or _missed(row))]
    put_off = [_put_off(row, due) for row in resting if (due := _later(row, now)) != row.due]
    if not kiosk.listens:
        put_off += [_put_off(row, _end(row)) for row in ready if row.due <= now]
        return Plan((), given_up + put_off)
    if kiosk.held:
        put_off += [_put_off(row, now + HELD_MS) for row in ready if born or row.due <= now]
        return Plan((), given_up + put_off, speak=born)
    again = {row.id for row in ready if _from_before(kiosk, row) and (born or row.due <= now)}
    numbered = _numbered(kiosk, ready, [row.number for row in rows], again)
    say, left = numbered[:MOST_OPEN], numbered[MOST_OPEN:]
    speak = born or any(row.due <= now or row.state == "queued" for row in say)
    put_off += [wait(row, now) for row in left if row.due <= now]
    told = [one for row in say if speak and (one := _told(row, now, born=born))]
    return Plan(tuple(say), given_up + put_off + told, speak, bool(left))


def wait(row: Open, now: int) -> Turn:
    """There is no room for it in what its kiosk is told now."""
    return _put_off(row, row.expires if row.state == "queued" else now + ASK_MS)


def _may_go(row: Open, now: int) -> bool:
    """Whether it may be said: it is its turn, or its turn was when the kiosk was not there."""
    if row.state != "queued":
        return row.state != "sent" or row.cancel_at is not None or _admitted(row, now)
    turn = row.due <= now or row.due == row.expires
    return _released(row) and row.after <= now and turn and _admitted(row, now)


def _missed(row: Open) -> bool:
    """Put off until its kiosk comes: now it has."""
    return _windowed(row) and _released(row) and row.due == _end(row)


def _later(row: Open, now: int) -> int:
    if now < row.after:
        return row.after
    if row.state == "queued" and not _released(row):
        return row.expires
    return _opens(row, now)


def _windowed(row: Open) -> bool:
    return bool(row.job_plan.get("window"))


def _admitted(row: Open, now: int) -> bool:
    return _opens(row, now) == now


def _opens(row: Open, now: int) -> int:
    """`now` when its window is open, or it has none; after its end when it never opens again.

    Not its end itself, which says that the kiosk is awaited and not the window.
    """
    if not _windowed(row):
        return now
    try:
        opens = job_plan.missed(job_plan.of_json(row.job_plan), row.command_id, now)
    except job_plan.CannotPlan:
        opens = row.expires
    return opens if opens < row.expires else _end(row) + 1


def _released(row: Open) -> bool:
    return row.job_state == "running" and row.wave <= row.job_wave


def _end(row: Open) -> int:
    """When the office gives it up, if nothing is heard."""
    return row.expires if row.state == "queued" else row.expires + GRACE_MS


def _give_up(kiosk: Kiosk, row: Open, now: int) -> Turn | None:
    if row.state == "queued" and row.cancel_at is not None:
        return turns.turn(row, "cancel", now, ended_at=now)
    if row.state in ("queued", "sent"):
        over = now >= _end(row)
        return turns.turn(row, "overdue", now, ended_at=now) if over else None
    if now < row.due or (kiosk.listens and (_to_cancel(row) or not _asked(row))):
        return None
    return turns.turn(row, "silent", now, ended_at=now)


def _to_cancel(row: Open) -> bool:
    return row.cancel_at is not None and (row.sent_at or 0) <= row.cancel_at


def _asked(row: Open) -> bool:
    """Whether it was asked once more after it had been heard for the last time."""
    return row.sent_at is not None and 0 <= row.due - row.sent_at <= ASK_MS + 1


def _from_before(kiosk: Kiosk, row: Open) -> bool:
    """Whether it was kept back for its window, and others were told meanwhile."""
    return row.state == "sent" and _windowed(row) and row.number < kiosk.number


def _numbered(
    kiosk: Kiosk, ready: Sequence[Open], all_numbers: Sequence[int], again: Collection[int]
) -> list[Open]:
    """`again`: what was said and is numbered anew; who has taken it knows it by its name."""
    highest = max([kiosk.number, *(row.number for row in ready if row.state != "queued")])
    top = max([highest, *all_numbers])
    said = []
    for row in ready:
        given = row
        if row.state == "queued" or row.id in again:
            if row.number <= highest:
                top += 1
                given = row._replace(number=top)
            highest = given.number
        said.append(given)
    return sorted(said, key=lambda row: row.number)


def _told(row: Open, now: int, *, born: bool) -> Turn | None:
    """What saying it changes; nothing where it was said lately and is not due."""
    if row.due > now and not (born and row.state == "sent") and row.state != "queued":
        return None
    if row.state in ("queued", "sent"):
        again = 0 if born or row.state == "queued" else min(row.sends, len(PAUSES_S) - 1)
        due = min(now + PAUSES_S[again] * 1000, row.expires + GRACE_MS)
    else:
        due = now + ASK_MS
        if _to_cancel(row):  # it may have to finish a long step first
            due = max(due, row.state_at + longest_ms(row.kind))
    at = max(now, (row.cancel_at or 0) + 1) if _to_cancel(row) else now
    values = {"due": due, "sent_at": at, "sends": row.sends + 1, "number": row.number}
    return turns.turn(row, "send", now, **values)


def _put_off(row: Open, due: int) -> Turn:
    return turns.to(row, row.state, due=due)
