"""Takes what the child reports and makes facts of it: each once, whatever is cut.

Owns two keys of the agent's own journal: the number of the last report taken, and the last of each
bundle. A report becomes a fact in the transaction that notes its number; its file goes after that.
So a cut leaves a file that is known to be taken, never a fact that is lost or told as two. While
the agent's memory does not survive a power cut, reports stay where they are.
"""

import logging
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from agent import journal
from agent.content.reports import Report, Reports
from agent.outbox import Also, Outbox
from agent.store import StorageFailing, Store

TAKEN: Final = "content.taken"
LAST: Final = "content.last"
_log = logging.getLogger("anjungan.content")
_read_last = msgspec.json.Decoder(dict[str, Report]).decode


class Taker:
    """`number`: of the last report taken; `last`: the last one of each bundle. For one thread.

    Raises StorageFailing when the disk fails at the start.
    """

    def __init__(self, folder: Path, outbox: Outbox, store: Store) -> None:
        self._folder = folder
        self._reports = Reports(folder)
        self._outbox = outbox
        self._store = store
        self._handed = False  # to the outbox, which could not write it then
        self.number = 0
        self.last: dict[str, Report] = {}
        self._look()

    def take(self) -> bool:
        """Whether there is a new fact. What the disk refuses is taken later."""
        numbers = self._reports.numbers()
        if not numbers or not self._store.durable:
            return False
        try:
            if self._handed and self._outbox.waiting:
                return False
            if self._handed:
                self._look()
                self._handed = False
            new = self._put([number for number in numbers if number > self.number])
            self._tidy(numbers)
        except (StorageFailing, OSError) as error:
            _log.warning("reports of releases wait: %s", error)
            return False
        return new

    def again(self, bundle: str) -> bool:
        """Once more the last fact of this bundle: the office asks as if it had none."""
        report = self.last.get(bundle)
        return report is not None and self._outbox.put_installs([(report, _nothing)])

    def _put(self, numbers: Iterable[int]) -> bool:
        facts: list[tuple[Report, Also]] = []
        last = self.last
        newest = self.number
        for number in numbers:
            report = self._reports.read(number)
            if report is None:
                self._put_aside(number)
                continue
            last, newest = {**last, report.bundle: report}, number
            facts.append((report, _noting(number, msgspec.json.encode(last).decode())))
        if not facts:
            return False
        if self._outbox.put_installs(facts):
            self.last, self.number = last, newest
        else:
            self._handed = True
        return True

    def _tidy(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            if number <= self.number:
                (self._folder / f"{number}.json").unlink(missing_ok=True)

    def _put_aside(self, number: int) -> None:
        _log.error("report %d of a release cannot be read and is put aside", number)
        (self._folder / f"{number}.json").replace(self._folder / f"{number}.damaged")

    def _look(self) -> None:
        with self._store.transaction() as db:
            self.number = int(journal.read(db, TAKEN) or 0)
            text = journal.read(db, LAST)
        try:
            self.last = _read_last(text or "{}")
        except msgspec.MsgspecError:
            self.last = {}


def _noting(number: int, last: str) -> Also:
    def write(db: sqlite3.Connection, ticket: int) -> None:
        del ticket
        journal.write(db, TAKEN, str(number))
        journal.write(db, LAST, last)

    return write


def _nothing(db: sqlite3.Connection, ticket: int) -> None:
    del db, ticket
