"""The durable queue of facts: what must reach the office exactly once.

Owns the numbering of facts: 1, 2, 3 ... without a hole for the life of an epoch, whether they are
flips or results of commands. A fact is kept until the office (not the broker) has acknowledged it.
Never holds readings: what is seen *now* can be seen again, and a full picture follows every birth,
so readings live in memory only.
A fact the disk does not take waits in memory, unnumbered and unsent: a number that is not on the
disk would, after a power cut, be given to another fact and the office would drop that one. What
must be on the disk together with a fact (`also`: the row of a command that has ended) waits with
it, is written in its transaction and never twice.
"""

import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import msgspec

from agent import ended
from agent.content.reports import Report
from agent.ended import Ended
from agent.store import StorageFailing, Store
from wire.messages import Observation, State

CAPACITY: Final = 200_000  # years of flips
WAITING: Final = 2_000  # in memory, while the disk refuses
NEARLY: Final = 0.8

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Observation).decode
_decode_report = msgspec.json.Decoder(Report).decode


class KeptFlip(msgspec.Struct, frozen=True):
    """One probe changed its state; `number` is its place in the epoch."""

    number: int
    old: State
    observation: Observation


class KeptResult(msgspec.Struct, frozen=True):
    """A command ended."""

    number: int
    ended: Ended


class KeptInstall(msgspec.Struct, frozen=True):
    """What became of a release."""

    number: int
    report: Report


KeptFact = KeptFlip | KeptResult | KeptInstall
Also = Callable[[sqlite3.Connection, int], None]
"""Writes what belongs to a fact, which is given by its ticket, within its transaction."""


class _Waiting(NamedTuple):
    ticket: int
    kind: str
    old: str
    body: bytes
    also: Also | None = None


_INSERT: Final = "INSERT INTO facts (ticket, kind, old, body) VALUES (?, ?, ?, ?)"


def _kept(number: int, kind: str, old: State, body: bytes) -> KeptFact:
    if kind == "result":
        return KeptResult(number, ended.decode(body))
    if kind == "install":
        return KeptInstall(number, _decode_report(body))
    return KeptFlip(number, old, _decode(body))


def _new_ticket() -> int:
    return int.from_bytes(os.urandom(7), "big")


class Outbox:
    """Safe to use from several threads. `lost` counts facts dropped because nothing had room."""

    def __init__(
        self,
        store: Store,
        capacity: int = CAPACITY,
        waiting: int = WAITING,
        new_ticket: Callable[[], int] = _new_ticket,
    ) -> None:
        self._store = store
        self._capacity = capacity
        self._most_waiting = waiting
        self._new_ticket = new_ticket
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._refusal = ""
        self.lost = 0
        with store.transaction() as db:
            oldest = db.execute("SELECT min(number) FROM facts").fetchone()[0]
            last = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'facts'").fetchone()
        self._newest = int(last[0]) if last else 0
        self._oldest = int(oldest) if oldest is not None else self._newest + 1
        self._erased = self._oldest - 1
        self._inherited = self._newest

    @property
    def oldest(self) -> int:
        """The number of the oldest fact kept, or of the next one when none is."""
        return self._oldest

    @property
    def newest(self) -> int:
        """The highest number ever given; 0 before the first."""
        return self._newest

    @property
    def kept(self) -> int:
        return self._newest - self._oldest + 1

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def put(self, old: State, observation: Observation) -> bool:
        """True when the fact is on the disk. False: it waits in memory for `flush`."""
        return self._put([_Waiting(self._new_ticket(), "flip", old, _encode(observation))])

    def put_results(self, results: Iterable[tuple[Ended, Also]]) -> bool:
        """As `put`, all in one transaction, each with what must be on the disk together with it."""
        new = ((ended.encode(one), also) for one, also in results)
        return self._put([_Waiting(self._new_ticket(), "result", "", *one) for one in new])

    def put_installs(self, reports: Iterable[tuple[Report, Also]]) -> bool:
        """As `put_results`."""
        new = ((_encode(one), also) for one, also in reports)
        return self._put([_Waiting(self._new_ticket(), "install", "", *one) for one in new])

    def keeps(self, ticket: int) -> bool:
        """Whether the fact of this ticket has still to be acknowledged. Raises StorageFailing."""
        with self._store.transaction() as db:
            sql = "SELECT number FROM facts WHERE ticket = ?"
            row = db.execute(sql, (ticket,)).fetchone()
        return row is not None and row[0] >= self._oldest

    def flush(self) -> bool:
        """Does what the disk has refused so far. True when nothing waits any more."""
        with self._lock:
            try:
                self._write_waiting()
                self._erase_forgotten()
            except StorageFailing as failing:
                self._refusal = str(failing)
                return False
            self._refusal = ""
            return True

    def after(self, number: int, limit: int) -> list[KeptFact]:
        """The next kept facts above `number`, oldest first; none while the disk refuses."""
        if number >= self._newest:
            return []
        sql = "SELECT number, kind, old, body FROM facts WHERE number > ? ORDER BY number LIMIT ?"
        try:
            with self._store.transaction() as db:
                rows = db.execute(sql, (number, limit)).fetchall()
        except StorageFailing as failing:
            self._refusal = str(failing)
            return []
        return [_kept(*row) for row in rows]

    def forget(self, upto: int) -> None:
        """The office has stored every fact up to `upto`.

        When the disk refuses, only memory knows: after a power cut the office drops duplicates.
        """
        with self._lock:
            self._oldest = max(self._oldest, min(upto, self._newest) + 1)
        self.flush()

    def skip(self, upto: int) -> None:
        """Go on above `upto`: the office has stored facts that this older copy never made.

        What the copy held up to there is stored, too; what happened since the agent started is not,
        and gets numbers of its own. Raises StorageFailing, having changed nothing.
        """
        with self._lock, self._store.transaction() as db:
            stored = max(self._oldest - 1, min(upto, self._inherited))
            sql = "SELECT ticket, kind, old, body FROM facts WHERE number > ? ORDER BY number"
            kept = db.execute(sql, (stored,)).fetchall()
            db.execute("DELETE FROM facts")
            db.execute("DELETE FROM sqlite_sequence WHERE name = 'facts'")
            db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('facts', ?)", (upto,))
            db.executemany(_INSERT, kept)
            self._inherited = self._erased = upto
            self._oldest, self._newest = upto + 1, upto + len(kept)

    def why(self) -> str:
        """What a technician must know about this outbox; empty when all is well."""
        if self._waiting and self._refusal:  # one on its way to the disk just now is no trouble
            return f"the disk refuses ({self._refusal}): {len(self._waiting)} facts wait in memory"
        if self.lost:
            return f"{self.lost} facts were dropped for lack of room"
        if self.kept >= NEARLY * self._capacity:
            return f"{self.kept} facts wait for the office, {self._capacity} is the most"
        return ""

    def _put(self, new: list[_Waiting]) -> bool:
        with self._lock:
            self._waiting.extend(new)
            self._make_way()
        return self.flush()

    def _make_way(self) -> None:
        """The oldest flips go first: the others are the only witnesses of what was done."""
        over = len(self._waiting) - self._most_waiting
        if over > 0:
            flips = [one.ticket for one in self._waiting if one.kind == "flip"][:over]
            gone = set(flips) or {self._waiting[0].ticket}
            self._waiting = deque(one for one in self._waiting if one.ticket not in gone)
            self.lost += len(gone)

    def _write_waiting(self) -> None:
        batch = list(self._waiting)
        if not batch:
            return
        with self._store.transaction() as db:
            if batch[-1].kind == "result":
                self._store.in_a_hurry(db)
            # A commit that failed may still have reached the file: the ticket tells.
            known = "SELECT 1 FROM facts WHERE ticket = ?"
            new = [one for one in batch if db.execute(known, one[:1]).fetchone() is None]
            db.executemany(_INSERT, [one[:4] for one in new])
            for one in new:
                if one.also is not None:
                    one.also(db, one.ticket)
            newest = db.execute("SELECT max(number) FROM facts").fetchone()[0]
            drop = self._room_to_make(newest)
            db.execute("DELETE FROM facts WHERE number < ?", (self._oldest + drop,))
        self._waiting.clear()
        self._newest = newest
        self._oldest += drop
        self._erased = self._oldest - 1
        self.lost += drop

    def _erase_forgotten(self) -> None:
        upto = self._oldest - 1
        if self._erased < upto:
            with self._store.transaction(of_old=True) as db:
                db.execute("DELETE FROM facts WHERE number <= ?", (upto,))
            self._erased = upto

    def _room_to_make(self, newest: int) -> int:
        """How many of the oldest facts must go. Counted, and the next birth tells the office."""
        over = newest - self._oldest + 1 - self._capacity
        return over + self._capacity // 100 if over > 0 else 0
