"""The kiosk's memory of commands: what was taken, what was begun, how it ended. SQLite rows.

Owns the promise that an intent is on the disk before its effect, that an end is on the disk
together with the fact that tells it (one transaction, through the outbox), and the highest number
ever taken, for the kiosk's whole life. Of what has ended it
keeps the newest thousands, what was really taken apart from what was only refused, and what people
agreed to apart from both, so that a flood of the one never pushes out the other; older ones are
still refused by their number.
Decides nothing. Each method raises StorageFailing when the disk refuses.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec import Struct

from agent import ended, journal
from agent.commands.office_clock import Known
from agent.ended import Ended
from agent.outbox import Also
from agent.store import Store

MOST_ENDED: Final = 2_000
MOST_REFUSED: Final = 500
PRUNE_EVERY: Final = 50
_NUMBER: Final = "command_number"
_CLOCK: Final = "office_clock"
_ISSUERS: Final = "command_issuers"
_COLUMNS: Final = "id, number, kind, state, envelope, undo, boot, process, began, lived"

State = Literal["accepted", "running", "ended", "refused", "agreed"]


class Row(Struct, frozen=True):
    """An open command. `envelope` is its canonical text.

    `began` by the kiosk's clock, which may well say 0; `lived`: how long the kiosk had been on
    then (OfficeClock), 0 before it was begun (ms).
    """

    id: str
    number: int
    kind: str
    state: str
    envelope: str
    undo: str | None = None
    boot: str = ""
    process: str = ""
    began: int = 0
    lived: int = 0


class Past(NamedTuple):
    """A command that has ended, and the ticket of the fact that told it last."""

    ended: Ended
    ticket: int


class Ledger:
    """Safe from any thread: the store sees to that. `highest` is kept in memory, too."""

    def __init__(
        self, store: Store, most_ended: int = MOST_ENDED, most_refused: int = MOST_REFUSED
    ) -> None:
        self._store = store
        self._most = (("ended", most_ended), ("refused", most_refused), ("agreed", most_ended))
        self._unpruned = PRUNE_EVERY
        with store.transaction() as db:
            self.highest = int(journal.read(db, _NUMBER) or 0)
            self.issuers = frozenset((journal.read(db, _ISSUERS) or "").split())
            """Names of the office's keys that the time is from."""

    def clock(self) -> Known:
        """What was known of the office's clock."""
        with self._store.transaction() as db:
            text = journal.read(db, _CLOCK)
        try:
            return msgspec.json.decode(text or "{}", type=Known)
        except (msgspec.MsgspecError, ValueError):
            return Known()

    def keep_clock(self, known: Known) -> None:
        with self._store.transaction() as db:
            journal.write(db, _CLOCK, msgspec.json.encode(known).decode())

    def believe(self, issuers: frozenset[str], known: Known) -> None:
        """From now on these keys, and this is what they have told of the time."""
        with self._store.transaction() as db:
            journal.write(db, _CLOCK, msgspec.json.encode(known).decode())
            journal.write(db, _ISSUERS, " ".join(sorted(issuers)))
        self.issuers = issuers

    def open_rows(self) -> list[Row]:
        """Lowest number first."""
        sql = (
            f"SELECT {_COLUMNS} FROM commands"  # noqa: S608 - our own words
            " WHERE state IN ('accepted', 'running') ORDER BY number"
        )
        with self._store.transaction() as db:
            return [Row(*row) for row in db.execute(sql)]

    def past(self, ids: Sequence[str]) -> dict[str, Past]:
        """Those of these that have ended."""
        sql = "SELECT result, ticket FROM commands WHERE id = ? AND result IS NOT NULL"
        with self._store.transaction() as db:
            found = {one: db.execute(sql, (one,)).fetchone() for one in ids}
        return {one: Past(ended.decode(row[0]), row[1]) for one, row in found.items() if row}

    def begun_since(self, kind: str, lived_ms: int) -> int:
        """How many of this kind were begun after this moment of the kiosk's life."""
        sql = "SELECT count(*) FROM commands WHERE kind = ? AND lived > ?"
        with self._store.transaction() as db:
            return int(db.execute(sql, (kind, max(lived_ms, 0))).fetchone()[0])

    def take(self, rows: Iterable[Row], known: Known) -> None:
        """New rows, accepted or at once running. What a failed commit has left is replaced."""
        given = list(rows)
        with self._store.transaction() as db:
            self._store.in_a_hurry(db)
            for row in given:
                _insert(db, row)
            self._raise_highest(db, given)
            journal.write(db, _CLOCK, msgspec.json.encode(known).decode())
        self.highest = max([self.highest, *(row.number for row in given)])

    def begin(self, row: Row) -> None:
        """It is about to be done: `row` is running and says in which life."""
        sql = (
            "UPDATE commands SET state = 'running', boot = ?, process = ?, began = ?,"
            " lived = ? WHERE id = ?"
        )
        given = (row.boot, row.process, row.began, row.lived, row.id)
        with self._store.transaction() as db:
            db.execute(sql, given)

    def note_undo(self, command: str, undo: str) -> None:
        """What is needed to take it back; only then may it be done."""
        with self._store.transaction() as db:
            db.execute("UPDATE commands SET undo = ? WHERE id = ?", (undo, command))

    def end(self, row: Row, how: Ended, state: State, more: "Write | None" = None) -> Also:
        """What the outbox is to write together with this end: the row, and `more` besides."""
        body = ended.encode(how)

        def write(db: sqlite3.Connection, ticket: int) -> None:
            # Also one that was never there before: what is done at once is written once.
            _insert(db, row)
            sql = (
                "UPDATE commands SET state = ?, envelope = '', undo = NULL, result = ?, ticket = ?"
                " WHERE id = ?"
            )
            db.execute(sql, (state, body, ticket, row.id))
            if state != "refused":
                self._raise_highest(db, [row])
            if more is not None:
                more(db)
            self._prune(db)

        if state != "refused":
            self.highest = max(self.highest, row.number)
        return write

    def said_again(self, command: str) -> Also:
        """What the outbox is to write with an end that is told once more."""

        def write(db: sqlite3.Connection, ticket: int) -> None:
            db.execute("UPDATE commands SET ticket = ? WHERE id = ?", (ticket, command))

        return write

    def _raise_highest(self, db: sqlite3.Connection, rows: Iterable[Row]) -> None:
        highest = max([int(journal.read(db, _NUMBER) or 0), *(row.number for row in rows)])
        journal.write(db, _NUMBER, str(highest))

    def _prune(self, db: sqlite3.Connection) -> None:
        self._unpruned += 1
        if self._unpruned < PRUNE_EVERY:
            return
        self._unpruned = 0
        for state, most in self._most:
            sql = (
                "DELETE FROM commands WHERE state = ? AND place <= coalesce((SELECT place FROM"
                " commands WHERE state = ? ORDER BY place DESC LIMIT 1 OFFSET ?), 0)"
            )
            db.execute(sql, (state, state, most))


Write = Callable[[sqlite3.Connection], None]


def _insert(db: sqlite3.Connection, row: Row) -> None:
    marks = ", ".join("?" * 10)
    db.execute(
        f"INSERT INTO commands ({_COLUMNS}) VALUES ({marks})"  # noqa: S608 - our own words
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state, boot = excluded.boot,"
        " process = excluded.process, began = excluded.began,"
        " lived = excluded.lived WHERE result IS NULL",
        msgspec.structs.astuple(row),
    )
