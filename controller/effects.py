"""What follows from one message or one tick of the clock, as rows still to be stored.

Owns the shape of rows that record an event; rows that record a state (latest, status, thread) are
found by comparing a kiosk before and after. Never touches the database.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from controller.judge import Claim, Ruling
from controller.known import Known
from wire.faults import CATALOGUE

if TYPE_CHECKING:
    from controller.commands.heard import Word
    from controller.rollouts.heard import Word as ReleaseWord

Row = dict[str, Any]


class FaultTurn(NamedTuple):
    """A fault opened or cleared. `row` is of the fault table."""

    kiosk_id: int
    code: str
    opened: bool
    row: Row


class Effects:
    """Collected in order."""

    def __init__(self) -> None:
        self.flips: list[Row] = []
        self.turns: list[FaultTurn] = []
        self.telemetry: list[Row] = []
        self.words: list[Word] = []  # of commands
        self.releases: list[ReleaseWord] = []
        self.quarantines: dict[int, str] = {}  # kiosk id -> why
        self.mutes: dict[int, int] = {}  # kiosk id -> until when

    def add(self, other: "Effects") -> None:
        self.flips += other.flips
        self.turns += other.turns
        self.telemetry += other.telemetry
        self.words += other.words
        self.releases += other.releases
        self.quarantines |= other.quarantines
        self.mutes |= other.mutes

    def flip(
        self,
        known: Known,
        subject: str,
        *,
        old: str,
        new: str,
        why: str,
        at: int,
        epoch: str | None = None,
        fact: int | None = None,
    ) -> Row:
        row = {"kiosk_id": known.id, "subject": subject, "old": old, "new": new, "why": why}
        self.flips.append({**row, "at": at, "epoch": epoch, "fact": fact})
        return self.flips[-1]

    def turn(self, known: Known, claim: Claim, ruling: Ruling, now: int) -> None:
        """The fault's row and its flip, when the ruling opened or cleared it."""
        code, why = claim.code, claim.why
        if ruling.turn == "opened":
            opened = {"opened_at": now, "why": why, "evidence": dict(claim.evidence)}
            row: Row = {"kiosk_id": known.id, "code": code, **opened}
            row |= {"severity": CATALOGUE[code].severity, "cleared_at": None, "clear_why": None}
            self.turns.append(FaultTurn(known.id, code, opened=True, row=row))
            self.flip(known, f"fault:{code}", old="clear", new="open", why=why, at=now)
        elif ruling.turn == "cleared":
            row = {"cleared_at": now, "clear_why": why}
            self.turns.append(FaultTurn(known.id, code, opened=False, row=row))
            self.flip(known, f"fault:{code}", old="open", new="clear", why=why, at=now)
