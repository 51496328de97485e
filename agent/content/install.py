"""One release of one bundle from wanted to installed, or back: the steps of the table INSTALL.

Owns the order: every step is journalled before it is made, so a cut anywhere is gone on from, and
until `switch` the release in use is untouched. From there on it is either confirmed by proof or
taken back, and then remembered as bad. Fetching, proofs and slots are the business of others; what
they raise decides: Trouble and Later are tried again, Unwell goes back, a bad release gives up.
"""

import errno
import hashlib
from collections.abc import Callable
from typing import Final, NamedTuple

from agent.content import assemble, verify
from agent.content.activation import Activation, Later, Unfit
from agent.content.assemble import Missing
from agent.content.board import Board
from agent.content.fetch import Brought
from agent.content.floor import Floor
from agent.content.health import Unwell
from agent.content.held import Held
from agent.content.journal import Journal, Row
from agent.content.slots import Slots
from agent.content.stop import Stop, Stopped
from agent.content.trouble import NoRoom, StorageFailing, TooOld, Trouble
from agent.content.trust import Release
from agent.content.when import wait_s
from wire.content import Index, write_index
from wire.wants import Want

SWITCHED: Final = ("activating", "confirming", "rolling_back")
MOST_TRIES: Final = 5  # ends of the power or of us while it was being tried
MOST_ROTTEN: Final = 5  # times a release was whole and a moment later was not


class Source(NamedTuple):
    """Where releases come from. Both raise Trouble; `bring` may be called again after any."""

    release: Callable[[str, int], Release]
    unfit: Callable[[Release], str]
    bring: Callable[[Release, Held, Callable[[int, int], None]], Brought]


class Clocks(NamedTuple):
    """`now`: ms of the kiosk's clock, for people. `office`: office ms as far as it can be known."""

    now: Callable[[], int]
    office: Callable[[], int | None]


class Install:
    """Of one bundle. Raises what its steps raise; call `run` again and it goes on."""

    def __init__(
        self,
        slots: Slots,
        source: Source,
        activation: Activation,
        *,
        journal: Journal,
        floor: Floor,
        board: Board,
        clocks: Clocks,
        stop: Stop,
    ) -> None:
        self._slots, self._source, self._activation = slots, source, activation
        self._journal, self._floor, self._board = journal, floor, board
        self._clocks, self._stop = clocks, stop
        self._steps: dict[str, Callable[[Row, Want | None], Row]] = {
            "pending": self._begin,
            "downloading": self._download,
            "verifying": self._verify,
            "staged": self._switch,
            "activating": self._activate,
            "confirming": self._confirm,
            "rolling_back": self._back,
        }

    def run(self, want: Want | None, bundle: str) -> None:
        """To the end of what is wanted, and of what was on its way. None: only of that."""
        while (row := self._row(want, bundle)) is not None and not row.settled:
            self._stop.check()
            self._board.at(row)
            try:
                row = self._step(row, want)
            except (Later, Trouble) as reason:
                self._board.at(row, note=reason.why)
                raise
            self._board.at(row)
        if row is not None and row.settled:
            self._tidy(row)

    def _step(self, row: Row, want: Want | None) -> Row:
        """The row after one step, or after it was given up for good. Raises Later, Trouble."""
        try:
            return self._steps[row.state](row, want)
        except Trouble as trouble:
            if trouble.again_s is not None:
                raise
            return self._give_up(row, trouble.code, trouble.why)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFailing(str(error)) from error
            self._make_room(row)
            raise NoRoom(f"the disk is full: {error}") from error

    def _row(self, want: Want | None, bundle: str) -> Row | None:
        """The row to go on with; a newer want takes the place of one that is not switched yet."""
        row = self._journal.row(bundle)
        if row is not None and (row.state in SWITCHED or want is None):
            return row if row.state in SWITCHED else None
        if want is None or (row is not None and row.number == want.number):
            return row  # whoever keeps what is wanted takes no older word
        if row is not None and (row.seq, row.attempt) == (want.seq, want.attempt):
            return self._said_again(row, want)
        row = self._journal.begin(want, self._clocks.now())
        if self._journal.has_failed(bundle, want.seq, want.attempt):
            return self._give_up(row, "failed_before", "it has failed here; people may say: again")
        return row

    def _said_again(self, row: Row, want: Want) -> Row:
        """The same once more: what is under way goes on, what is settled is told again."""
        row = self._journal.note(row, number=want.number)
        if row.state == "installed" and self._slots.current != row.seq:
            return self._journal.begin(want, self._clocks.now())
        if row.settled:
            self._journal.report(row, self._slots.current, self._clocks.now())
        return row

    def _begin(self, row: Row, _: Want | None) -> Row:
        self._keep_floor(row.bundle, self._slots.current)  # should the floor have been lost
        if row.seq < self._floor.least(row.bundle):
            raise TooOld(f"{row.bundle} {row.seq}: a release that forbids it was in use here")
        return self._journal.move(row, "begin")

    def _download(self, row: Row, _: Want | None) -> Row:
        release = self._here(row) or self._source.release(row.bundle, row.seq)
        if why := self._source.unfit(release):
            return self._give_up(row, "unfit", why)
        held = Held(self._slots.folder / "slots", self._slots.shelf)
        brought = self._source.bring(release, held, lambda d, t: self._say(row, d, t))
        self._keep_papers(release)
        facts = {**row.facts, **brought.facts()}
        return self._journal.move(row, "fetched", facts=facts)

    def _verify(self, row: Row, _: Want | None) -> Row:
        papers = self._slots.papers(row.seq)
        if papers is None:
            return self._rotten(row, "its index")
        try:
            self._make_whole(row.seq, papers[1])
        except Missing as missing:
            return self._rotten(row, str(missing))
        try:
            self._activation.check(row)
        except Unfit as unfit:
            return self._give_up(row, "unfit", str(unfit))
        return self._journal.move(row, "whole")

    def _make_whole(self, seq: int, index: Index) -> None:
        """Its tree stands in its slot, every byte of it read. Raises Missing, OSError."""
        held = Held(self._slots.folder / "slots", self._slots.shelf)
        if not self._slots.has(seq):
            self._slots.build(
                seq, lambda tree: assemble.fill(tree, index, held.read, self._stop.check)
            )
        elif wrong := verify.damaged(self._slots.tree(seq), index, self._stop.check):
            verify.lend(self._slots, held, wrong, seq)
            verify.mend(self._slots.tree(seq), wrong, held.read)

    def _switch(self, row: Row, want: Want | None) -> Row:
        """What was staged days ago is read once more before anybody sees it."""
        if want is not None and (wait := wait_s(want, self._clocks.office())):
            raise Later("its window is not open yet", wait)
        try:
            facts = self._activation.ready(row)
        except Later:
            self._journal.note(row, tries=row.tries + 1)
            raise
        papers = self._slots.papers(row.seq)
        tree = self._slots.tree(row.seq)
        if papers is None or verify.damaged(tree, papers[1], self._stop.check):
            return self._rotten(row, "it has rotted in its slot")
        before = self._slots.current
        return self._journal.move(row, "switch", before=before, facts={**row.facts, **facts})

    def _activate(self, row: Row, _: Want | None) -> Row:
        if row.seq != self._slots.current:
            self._activation.prepare(row)
            self._slots.switch(row.seq)
        return self._journal.move(row, "switched")

    def _confirm(self, row: Row, _: Want | None) -> Row:
        if row.tries >= MOST_TRIES:
            return self._unwell(row, Unwell("interrupted", "it was tried and came to no end"))
        tried = self._journal.note(row, tries=row.tries + 1)
        try:
            facts = self._activation.confirm(tried)
        except (Later, Stopped):
            self._journal.note(row)  # nothing is known against it by that
            raise
        except Unwell as unwell:
            return self._unwell(tried, unwell)
        self._keep_floor(row.bundle, row.seq)
        self._activation.finish(row)
        facts = {**row.facts, **facts}
        return self._journal.settle(row, "confirm", row.seq, self._clocks.now(), facts=facts)

    def _unwell(self, row: Row, unwell: Unwell) -> Row:
        return self._journal.move(row, "unwell", code=unwell.code, why=unwell.why)

    def _back(self, row: Row, _: Want | None) -> Row:
        if self._slots.current == row.seq != row.before:
            self._slots.switch(row.before)
        try:
            self._activation.back(self._journal.note(row, tries=row.tries + 1))
        except Unwell as unwell:
            row = self._journal.note(row, why=f"{row.why}; on the way back: {unwell.why}"[:300])
        self._activation.finish(row)
        return self._journal.settle(row, "back", self._slots.current, self._clocks.now())

    def _rotten(self, row: Row, why: str) -> Row:
        """Fetched again, a few times: a disk that rots as fast as it is written needs people."""
        row = self._journal.move(row, "damaged", rotten=row.rotten + 1)
        if row.rotten > MOST_ROTTEN:
            raise StorageFailing(f"the disk does not keep what is written: {why}"[:300])
        return row

    def _give_up(self, row: Row, code: str, why: str) -> Row:
        now = self._clocks.now()
        return self._journal.settle(row, "give_up", self._slots.current, now, code=code, why=why)

    def _here(self, row: Row) -> Release | None:
        """The release as it was signed, when it still stands here: it needs no line to return."""
        papers = self._slots.papers(row.seq) if self._slots.has(row.seq) else None
        plain = write_index(papers[1]) if papers else b""
        if papers is None or _digest(plain) != self._journal.papers(row.bundle, row.seq):
            return None
        return Release(papers[0], papers[1], plain)

    def _keep_papers(self, release: Release) -> None:
        bundle, seq = release.about.bundle, release.about.seq
        self._slots.keep_papers(release.about, release.index)
        self._journal.keep_papers(bundle, seq, _digest(release.plain))

    def _keep_floor(self, bundle: str, seq: int) -> None:
        """What a release that is in use forbids."""
        if (papers := self._slots.papers(seq)) is not None:
            self._floor.rise(papers[0].built_at)
            self._floor.confirm(bundle, papers[0].min_seq)

    def _tidy(self, row: Row) -> None:
        """After its end was told, and at every later run: a cut in between leaves something."""
        keep = set(self._slots.all()) - {row.seq}
        if row.state == "installed" and self._slots.current == row.seq != row.before:
            keep = {row.before}
        self._slots.empty_shelf()
        self._slots.prune(keep)  # and never what is in use
        self._journal.forget_papers(row.bundle, set(self._slots.all()))

    def _make_room(self, row: Row) -> None:
        """The room belongs to those who keep the kiosk going; what is in use stays."""
        self._slots.empty_shelf()
        if row.state not in SWITCHED:
            self._slots.prune(set(self._slots.all()))

    def _say(self, row: Row, done: int, total: int) -> None:
        self._stop.check()
        self._board.at(row, done=done, total=total)


def _digest(plain: bytes) -> str:
    return hashlib.sha256(plain).hexdigest()
