"""After the office was deaf: who is still there.

Owns the roll calls, one a partition. The kiosks thought online become `unknown`, all are called,
and who stays silent is offline. Done in slices, so that a nation of kiosks does not stop ingest.
Deadlines only count while the office listens: an answer that waits in a queue is no silence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select

from controller import dispatch
from controller.conclude import arrive, conclude
from controller.dispatch import Outgoing
from controller.effects import Effects
from controller.known import Known
from controller.metrics import Counters
from controller.store.tables import kiosk, kiosk_status, thread

SLICE = 200
WITHIN_S = 30
GRACE_S = 15
FOR_EVER = 2**62
Think = Callable[[Known, Effects], None]
Apply = Callable[[list[str], Think], None]
"""Lets `think` change these kiosks, and stores what it changed; see timers.py."""


@dataclass
class _Call:
    partition: int
    since: int  # what was heard after this moment is heard
    deadline: int
    phase: Literal["mark", "wait", "count"] = "mark"
    cursor: int = 0


class RollCalls:
    def __init__(
        self,
        apply: Apply,
        counters: Counters,
        *,
        within_s: int = WITHIN_S,
        grace_s: float = GRACE_S,
    ) -> None:
        self._apply = apply
        self._counters = counters
        self._within_s = within_s
        self._patience_ms = int((within_s + grace_s) * 1000)
        self._calls: dict[int, _Call] = {}

    @property
    def partitions(self) -> frozenset[int]:
        return frozenset(self._calls)

    def begin(self, partition: int, now: int, *, since: int | None = None) -> Outgoing:
        """The session of this partition is up after a silence.

        `since`: when it was connected. The broker hands over what waited before the session is
        all set up: kiosks that came back sooner than the office did are heard.
        """
        begun = now if since is None else min(since, now)
        self._calls[partition] = _Call(partition, begun, now + self._patience_ms)
        self._counters.add("anjungan_roll_calls_total")
        return dispatch.roll_call(partition, f"{now:x}", self._within_s)

    def drop(self, partitions: frozenset[int]) -> None:
        for partition in partitions:
            self._calls.pop(partition, None)

    def postpone(self, now: int) -> None:
        """The office is busy or cannot store, or its clock jumped: answers may be waiting."""
        for call in self._calls.values():
            call.deadline = now + self._patience_ms
            if call.phase == "mark":
                call.since = min(call.since, now)

    def tick(self, conn: Connection, now: int) -> bool:
        """One slice of kiosks; `conn` only reads. True when there is more to do at once."""
        for call in list(self._calls.values()):
            if call.phase == "wait" and now >= call.deadline:
                call.phase, call.cursor = "count", 0
            if call.phase != "wait" and self._slice(conn, call, now):
                return True
        return False

    def _slice(self, conn: Connection, call: _Call, now: int) -> bool:
        """False when there was nobody to think about."""
        presence, event = ("online", "deaf") if call.phase == "mark" else ("unknown", "silent")
        rows = _unheard(conn, call, presence)

        def think(draft: Known, effects: Effects) -> None:
            if draft.presence.state == presence and _is_unheard(draft, call):
                arrive(draft, event, effects, now)
                conclude(draft, effects, now)

        if rows:
            self._apply([name for _, name in rows], think)
            call.cursor = rows[-1][0]
        if len(rows) < SLICE:
            self._finish(call)
        return bool(rows)

    def _finish(self, call: _Call) -> None:
        if call.phase == "mark":
            call.phase = "wait"
        else:
            self._calls.pop(call.partition, None)


def _is_unheard(draft: Known, call: _Call) -> bool:
    """Once marked, `unknown` alone says so: whoever is heard is online."""
    heard = draft.thread.last_heard if draft.thread else 0
    return call.phase != "mark" or heard < call.since


def _unheard(conn: Connection, call: _Call, presence: str) -> list[tuple[int, str]]:
    before = call.since if call.phase == "mark" else FOR_EVER
    query = (
        select(kiosk.c.id, kiosk.c.name)
        .join(kiosk_status, kiosk_status.c.kiosk_id == kiosk.c.id)
        .outerjoin(thread, thread.c.kiosk_id == kiosk.c.id)
        .where(
            kiosk.c.partition == call.partition,
            kiosk.c.id > call.cursor,
            kiosk_status.c.presence == presence,
            func.coalesce(thread.c.last_heard, 0) < before,
        )
        .order_by(kiosk.c.id)
        .limit(SLICE)
    )
    return [(row[0], row[1]) for row in conn.execute(query)]
