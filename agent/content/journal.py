"""How far each release has come, on the disk before the next step is made.

Owns install.json: for each bundle one Row, whose state moves by the table INSTALL and by no other
way; which releases have failed here; and the number of the last report. A row that is settled and
its report are one write: a cut between that and the report's own file writes the file again, under
the same number. Never touches a slot. Raises OSError when the disk refuses: nothing has moved then.
"""

import contextlib
from pathlib import Path
from typing import Final

import msgspec

from agent import disk, folders
from agent.content.reports import Report, Reports
from agent.content.trouble import plain_words
from wire.lifecycle import INSTALL, SETTLED, move
from wire.messages import Fact
from wire.wants import Want

MOST_FAILED: Final = 32  # remembered, each bundle; the oldest go first


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One release on its way or settled. Times in ms of the kiosk's clock.

    `before`: what was in use when it was switched, 0 for nothing. `tries`: how often in a row the
    present state came to no end; `rotten`: how often what was whole was not, a moment later.
    `number` of the Want it answers.
    """

    bundle: str
    seq: int
    attempt: int
    number: int
    state: str = "pending"
    before: int = 0
    began: int = 0
    tries: int = 0
    rotten: int = 0
    code: str = ""
    why: str = ""
    facts: dict[str, Fact] = {}

    @property
    def settled(self) -> bool:
        return self.state in SETTLED


class _Kept(msgspec.Struct):
    """`unsaid`: reports by number whose file may not be there yet."""

    rows: dict[str, Row] = {}
    failed: dict[str, list[tuple[int, int]]] = {}
    papers: dict[str, dict[str, str]] = {}
    verified: dict[str, int] = {}
    reports: int = 0
    unsaid: dict[str, Report] = {}


class Journal:
    """`taken`: the number of the last report that the agent says it has, if it says so."""

    def __init__(self, path: Path, reports: Reports, taken: int = 0) -> None:
        self._path, self._reports = path, reports
        self._kept = _read(path)
        # A journal that was lost must not number anew what has been told: it would be ignored.
        self._kept.reports = max(self._kept.reports, reports.newest, taken)
        self._say()

    def row(self, bundle: str) -> Row | None:
        return self._kept.rows.get(bundle)

    def begin(self, want: Want, now: int) -> Row:
        """A new word about a bundle: whatever was on its way before it, before a switch, is over.

        Raises IllegalMove for one that has been switched and is neither confirmed nor back.
        """
        old = self.row(want.bundle)
        state = move(INSTALL, old.state, "replace") if old else "pending"
        row = Row(
            bundle=want.bundle,
            seq=want.seq,
            attempt=want.attempt,
            number=want.number,
            state=state,
            began=now,
        )
        return self._put(row)

    def move(self, row: Row, event: str, **changed: object) -> Row:
        """The row after the event, on the disk. Raises IllegalMove."""
        state = move(INSTALL, row.state, event)
        return self._put(msgspec.structs.replace(row, state=state, tries=0, **changed))

    def note(self, row: Row, **changed: object) -> Row:
        """Other fields of it; the state stays."""
        return self._put(msgspec.structs.replace(row, **changed))

    def settle(self, row: Row, event: str, now_seq: int, now: int, **changed: object) -> Row:
        """Its end, and the report of it: both on the disk when this returns.

        `now_seq`: the release that is in use.
        """
        state = move(INSTALL, row.state, event)
        row = msgspec.structs.replace(row, state=state, tries=0, **changed)
        if state != "installed":
            self._remember(row)
        self._kept.rows[row.bundle] = row
        self.report(row, now_seq, now)
        return row

    def report(self, row: Row, now_seq: int, now: int) -> None:
        """A report of a row that is settled, once more when it was reported before."""
        self._kept.reports += 1
        self._kept.unsaid[str(self._kept.reports)] = Report(
            bundle=row.bundle,
            seq=row.seq,
            attempt=row.attempt,
            state=row.state,  # type: ignore[arg-type]  # settled, by the table
            now=now_seq,
            code=row.code,
            why=plain_words(row.why),
            facts=row.facts,
            began=row.began,
            ended=now,
        )
        self._keep()
        self._say()

    def count_failure(self, bundle: str) -> int:
        """How often in a row it has failed to get on before this time. A full disk forgets it."""
        row = self.row(bundle)
        if row is None or row.settled:
            return 0
        with contextlib.suppress(OSError):
            self.note(row, tries=row.tries + 1)
        return row.tries

    def has_failed(self, bundle: str, seq: int, attempt: int) -> bool:
        """Whether that release, in this attempt or a later one, came to nothing here."""
        found = self._kept.failed.get(bundle, [])
        return any(one == seq and tried >= attempt for one, tried in found)

    def papers(self, bundle: str, seq: int) -> str:
        """SHA-256 of the index as it was signed, empty when it never was here."""
        return self._kept.papers.get(bundle, {}).get(str(seq), "")

    def keep_papers(self, bundle: str, seq: int, sha256: str) -> None:
        """That index was signed, whatever becomes of the line to those who know."""
        self._kept.papers.setdefault(bundle, {})[str(seq)] = sha256
        self._keep()

    def forget_papers(self, bundle: str, keep: set[int]) -> None:
        """Of releases that do not stand here any more."""
        found = self._kept.papers.get(bundle, {})
        kept = {seq: sha256 for seq, sha256 in found.items() if int(seq) in keep}
        if kept != found:
            self._kept.papers[bundle] = kept
            self._keep()

    def unsettled(self) -> list[str]:
        """Bundles with a release on its way."""
        return [bundle for bundle, row in self._kept.rows.items() if not row.settled]

    def verified(self, bundle: str) -> int:
        """When every file of the release in use was read last and was right."""
        return self._kept.verified.get(bundle, 0)

    def note_verified(self, bundle: str, now: int) -> None:
        self._kept.verified[bundle] = now
        self._keep()

    def _remember(self, row: Row) -> None:
        """What failed last is forgotten last."""
        failed = [*self._kept.failed.get(row.bundle, []), (row.seq, row.attempt)]
        last_first = dict.fromkeys(reversed(failed))
        self._kept.failed[row.bundle] = [*reversed([*last_first][:MOST_FAILED])]

    def _put(self, row: Row) -> Row:
        self._kept.rows[row.bundle] = row
        self._keep()
        return row

    def _keep(self) -> None:
        folders.make(self._path.parent, 0o700)
        disk.write(self._path, msgspec.json.encode(self._kept))

    def _say(self) -> None:
        for number, report in sorted(self._kept.unsaid.items(), key=lambda one: int(one[0])):
            self._reports.write(int(number), report)
        if self._kept.unsaid:
            self._kept.unsaid = {}
            self._keep()


def _read(path: Path) -> _Kept:
    """An empty one when there is none, or it is damaged: what is in use is told by the slots."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        return _Kept()
