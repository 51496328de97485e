"""Once a day every file of what is in use is read again; what has rotted is mended and told.

Owns when, and the report `repaired`. A release that is just being tried is left alone.
"""

from collections.abc import Callable
from typing import Final

from agent.content import verify
from agent.content.board import Board
from agent.content.held import Held
from agent.content.install import SWITCHED, Source
from agent.content.journal import Journal, Row
from agent.content.slots import Slots
from agent.content.stop import Stop
from agent.content.trust import Release
from wire.content import File, write_index

DAY_MS: Final = 86_400_000
DAMAGED: Final = "content.damaged"
REPAIRED: Final = "repaired"


class Upkeep:
    """Of one bundle. `now` in ms of the kiosk's clock, which may have been set back."""

    def __init__(
        self,
        slots: Slots,
        source: Source,
        *,
        journal: Journal,
        board: Board,
        now: Callable[[], int],
        stop: Stop,
    ) -> None:
        self._slots, self._source, self._journal = slots, source, journal
        self._board, self._now, self._stop = board, now, stop

    def due_s(self, bundle: str) -> float:
        """Seconds until it should be looked at again, 0 for now."""
        since = self._now() - self._journal.verified(bundle)
        return (DAY_MS - since) / 1000 if 0 <= since < DAY_MS else 0.0

    def run(self, bundle: str) -> bool:
        """Whether something was mended. Raises Trouble when it could not be, Missing, OSError."""
        row, seq = self._journal.row(bundle), self._slots.current
        if not seq or (row is not None and row.state in SWITCHED) or self.due_s(bundle):
            return False
        began = self._now()
        release = self._papers(bundle, seq)
        wrong = verify.damaged(self._slots.tree(seq), release.index, self._stop.check)
        if wrong:
            self._board.fault(DAMAGED, f"{len(wrong)} files of {bundle} {seq}: {wrong[0].path}")
            self._tell(row, release, began, self._mend(release, wrong))
        self._journal.note_verified(bundle, self._now())
        return bool(wrong)

    def _mend(self, release: Release, wrong: list[File]) -> dict[str, int]:
        """What it took."""
        tree = self._slots.tree(release.about.seq)
        # A shelf of its own: on the other one another release may be on its way.
        held = Held(tree.parent, self._slots.folder / "mending")
        lent = verify.lend(self._slots, held, wrong, release.about.seq)
        brought = self._source.bring(release, held, lambda _done, _total: self._stop.check())
        verify.mend(tree, wrong, held.read)
        held.clear()
        return {"files": len(wrong), "lent": lent, "line": brought.line}

    def _papers(self, bundle: str, seq: int) -> Release:
        """What the files are checked against; signed anew when it has rotted itself."""
        if (found := self._slots.papers(seq)) is not None:
            return Release(found[0], found[1], write_index(found[1]))
        self._board.fault(DAMAGED, f"the index of {bundle} {seq}")
        release = self._source.release(bundle, seq)
        self._slots.keep_papers(release.about, release.index)
        return release

    def _tell(self, row: Row | None, release: Release, began: int, facts: dict[str, int]) -> None:
        bundle, seq = release.about.bundle, release.about.seq
        attempt = row.attempt if row is not None and row.seq == seq else 1
        told = Row(
            bundle=bundle,
            seq=seq,
            attempt=attempt,
            number=0,
            state="installed",
            began=began,
            code=REPAIRED,
            why=f"{facts['files']} files had rotted",
            facts=dict(facts),
        )
        self._journal.report(told, seq, self._now())
