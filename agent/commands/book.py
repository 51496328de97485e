"""The commands of this kiosk as they stand: open ones in memory, all of them on the disk.

Owns that memory and disk agree although the disk may refuse. When it refuses an intent nothing was
taken; such a commit may have reached the disk all the same, so it is read again before the next
word. When it refuses an end, that waits in the outbox's memory, and is known here meanwhile as
`closing`: neither forgotten nor done twice. Also what is to be told of them, the newest word only.
Decides nothing of a command. Not safe by itself: the executor's lock is around it.
"""

import logging
import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from agent.commands.ledger import Ledger, Past, Row, State, Write
from agent.commands.office_clock import Known
from agent.commands.recovery import Life, Over
from agent.ended import Ended
from agent.outbox import Also, Outbox
from agent.session import Under
from agent.store import StorageFailing
from wire.envelope import MOST_OPEN, Envelope, parse
from wire.messages import Attachment

MOST_REFUSALS: Final = 60  # an hour
HOUR_S: Final = 3600.0
MAD: Final = f"more than {MOST_REFUSALS} commands were refused within an hour"
AGAIN_S: Final = 10.0  # between two tellings of one end
CLOCK_EVERY_MS: Final = 3_600_000
_log = logging.getLogger("anjungan.commands")


class Ending(NamedTuple):
    """`more` is written in the same transaction as the end."""

    row: Row
    how: Over
    attachment: Attachment | None = None
    more: Write | None = None


class Book:
    """`open`: what was taken and has not ended. `t` is CLOCK_BOOTTIME in seconds."""

    def __init__(
        self,
        life: Life,
        ledger: Ledger,
        outbox: Outbox,
        wall_ms: Callable[[], int],
        wake_line: Callable[[], None],
    ) -> None:
        self._life = life
        self._ledger = ledger
        self._outbox = outbox
        self._wall_ms = wall_ms
        self._wake_line = wake_line
        self._closing: set[str] = set()
        self._news: dict[str, Under] = {}
        self._latest: dict[str, Under] = {}
        self._told: dict[str, float] = {}
        self._refused_at: deque[float] = deque()
        self._stale = False
        self._floor = ledger.clock().floor
        self.open: dict[str, Row] = {}
        self._disk = ""
        self._mad_until = -math.inf

    @property
    def highest(self) -> int:
        return self._ledger.highest

    @property
    def has_news(self) -> bool:
        return bool(self._news)

    def left_behind(self) -> list[Row]:
        return self._ledger.open_rows()

    def settle(self) -> None:
        """Before every word of the office. Raises StorageFailing."""
        if not self._outbox.waiting:
            self._closing.clear()
        if self._stale:
            for row in self._ledger.open_rows():
                if row.id not in self.open and row.id not in self._closing:
                    # nothing of it was begun: whoever wrote it took it for refused
                    self.open[row.id] = replace(row, state="accepted", began=0, lived=0)
            self._ledger.highest = max([self.highest, *(row.number for row in self.open.values())])
            self._stale = False

    def failed(self, what: str, failing: StorageFailing) -> None:
        """The disk has refused something."""
        self._stale = True
        why = f"the disk refuses {what}: {failing}"
        if why != self._disk:
            _log.warning("%s", why)
        self._disk = why

    def untroubled(self) -> None:
        """The disk has taken everything."""
        self._disk = ""

    def trouble(self, t: float) -> str:
        """One sentence for a technician, or nothing."""
        return self._disk or (MAD if t < self._mad_until else "")

    def keep_clock(self, known: Known) -> None:
        """Now and then: the floor is for a kiosk that starts without a line."""
        if known.floor - self._floor >= CLOCK_EVERY_MS:
            self._ledger.keep_clock(known)
            self._floor = known.floor

    def past(self, ids: Iterable[str]) -> dict[str, Past]:
        """Those that have ended. Raises StorageFailing."""
        asked = [one for one in ids if one not in self.open and one not in self._closing]
        return self._ledger.past(asked) if asked else {}

    def is_new(self, command: str, past: dict[str, Past]) -> bool:
        return not (command in self.open or command in self._closing or command in past)

    def begun(self, row: Row, lived: int) -> Row:
        """The same, as it is written when it begins in this life. `lived` of OfficeClock."""
        return replace(
            row,
            state="running",
            boot=self._life.boot,
            process=self._life.process,
            began=self._wall_ms(),
            lived=lived,
        )

    def take(self, rows: Sequence[Row], known: Known) -> None:
        """Raises StorageFailing; then nothing was taken."""
        # What was done and waits for the disk has lower numbers: it must be there before.
        if not self._outbox.flush():
            raise StorageFailing("what has ended could not be written down")
        self._ledger.take(rows, known)
        self._floor = known.floor
        self.open |= {row.id: row for row in rows}

    def begin_anew(self, issuers: frozenset[str], known: Known) -> None:
        """Raises StorageFailing."""
        self._ledger.believe(issuers, known)
        self._floor = known.floor

    def begin(self, row: Row) -> bool:
        """Whether it is on the disk that it begins."""
        try:
            self._ledger.begin(row)
        except StorageFailing as failing:
            self.failed("what is to be done", failing)
            return False
        self.open[row.id] = row
        return True

    def note_undo(self, command: str, undo: str) -> bool:
        """Whether it is on the disk how it is taken back."""
        try:
            self._ledger.note_undo(command, undo)
        except StorageFailing as failing:
            self.failed("how to undo", failing)
            return False
        self.open[command] = replace(self.open[command], undo=undo)
        return True

    def end(self, endings: Sequence[Ending]) -> None:
        """All in one transaction, each with the fact that tells it."""
        if not endings:
            return
        given: list[tuple[Ended, Also]] = []
        for row, how, attachment, more in endings:
            state = _state(row)
            ended = self._ended(row, how, attachment)
            given.append((ended, self._ledger.end(row, ended, state, more)))
            for memory in (self.open, self._news, self._latest):
                memory.pop(row.id, None)
            self._closing.add(row.id)
        if self._outbox.put_results(given):
            self._closing.clear()
        self._wake_line()

    def may_refuse(self, t: float) -> bool:
        """An office gone mad is not answered without end."""
        while self._refused_at and self._refused_at[0] <= t - HOUR_S:
            self._refused_at.popleft()
        if len(self._refused_at) >= MOST_REFUSALS:
            if t >= self._mad_until:
                _log.warning("%s", MAD)
                self._mad_until = t + HOUR_S
            return False
        self._refused_at.append(t)
        return True

    def tell(self, under: Under) -> None:
        self._latest[under.command] = self._news[under.command] = under
        self._wake_line()

    def told(self, command: str) -> Under | None:
        """What was said last of an open one."""
        return self._latest.get(command)

    def tell_again(self, past: Past, t: float) -> None:
        """The office asks although it was told: its books were put back, or the words crossed."""
        command = past.ended.command
        if t < self._told.get(command, 0.0) or self._outbox.keeps(past.ticket):
            return
        if len(self._told) > 2 * MOST_OPEN:
            self._told.pop(next(iter(self._told)))
        self._told[command] = t + AGAIN_S
        self._outbox.put_results([(past.ended, self._ledger.said_again(command))])
        self._wake_line()

    def take_news(self) -> Under | None:
        return self._news.pop(next(iter(self._news))) if self._news else None

    def _ended(self, row: Row, how: Over, attachment: Attachment | None) -> Ended:
        now = self._wall_ms()
        return Ended(
            command=row.id,
            state=how.state,
            code=how.code,
            why=how.why,
            facts=dict(how.facts),
            attachment=attachment,
            began=row.began or now,
            ended=now,
        )


def _state(row: Row) -> State:
    """What people agreed to is remembered apart: it is what is worth repeating."""
    if row.state == "refused":
        return "refused"
    return "agreed" if row.envelope and parse(row.envelope, Envelope).approvals else "ended"
