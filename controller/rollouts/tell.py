"""What one kiosk is told of what it shall have: pure, rows and `now` in.

The rules: a kiosk that comes with other releases than desired is told; whoever has not answered is
told again with growing pauses; who is at work is looked at again in an hour; who is not there is
not spoken to. A message says all that is desired, so the last one counts.

Two ways out when nobody answers. A kiosk that has in use what is desired is believed to have it:
its report was acknowledged by books that were put back since. One that has something else, and
knows a higher number from such books, is told the same by a number above it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from wire.lifecycle import SETTLED
from wire.wants import Want, Window

PAUSES_S: Final = (15, 30, 60, 120, 300, 600, 1800, 3600)  # between tellings without an answer
IN_VAIN: Final = 6  # tellings, some twenty minutes: longer than any health check takes
LATER_MS: Final = 3_600_000
MOST_WANTS: Final = 16


class Wanted(NamedTuple):
    """One desired release of one kiosk, with what the kiosk reports of its bundle.

    `seq` 0: nothing is desired.
    """

    kiosk_id: int
    bundle: str
    seq: int
    attempt: int
    number: int
    rollout_id: int | None
    not_before: int
    windows: Iterable[Iterable[int]]
    due: int | None
    sends: int
    in_use: int = 0
    wanted_seq: int = 0
    wanted_attempt: int = 0
    state: str = ""

    @property
    def is_answered(self) -> bool:
        """Its end is known, and it still is so."""
        same = (self.wanted_seq, self.wanted_attempt) == (self.seq, self.attempt)
        well = self.state != "installed" or self.in_use == self.seq
        return same and self.state in SETTLED and well

    @property
    def is_at_work(self) -> bool:
        same = (self.wanted_seq, self.wanted_attempt) == (self.seq, self.attempt)
        return same and bool(self.state) and self.state not in SETTLED


class Turn(NamedTuple):
    """Columns of one desired row that change, where it still has the number `row` has.

    `believed`: the kiosk has it, though no report of that is in the books.
    """

    row: Wanted
    values: Mapping[str, Any]
    believed: bool = False


class Told(NamedTuple):
    """`say`: everything, lowest bundle first; nothing: not to be spoken to now."""

    say: tuple[Want, ...]
    turns: list[Turn]


def tell(rows: Iterable[Wanted], now: int, *, listens: bool, born: bool = False) -> Told:
    """`listens`: it is here and takes what is signed. `born`: it has just come."""
    every = sorted((row for row in rows if row.seq), key=lambda row: row.bundle)
    if not listens:
        return Told((), [_put_off(row, now) for row in every if _is_due(row, now)])
    turns = [one for row in every if (one := _turn(row, now, born=born))]
    speak = any("sends" in one.values for one in turns)
    speak |= born and any(row.in_use != row.seq for row in every)  # also what failed there
    numbers = {one.row.bundle: one.values.get("number", one.row.number) for one in turns}
    said = [want(row, numbers.get(row.bundle, row.number)) for row in every if speak]
    return Told(tuple(said[:MOST_WANTS]), turns)


def want(row: Wanted, number: int) -> Want:
    windows = tuple(Window(since=since, until=until) for since, until in row.windows)
    return Want(
        bundle=row.bundle, seq=row.seq, attempt=row.attempt, number=number,
        not_before=row.not_before, windows=windows,
    )  # fmt: skip


def _turn(row: Wanted, now: int, *, born: bool) -> Turn | None:
    if row.is_answered:
        return Turn(row, {"due": None}) if row.due is not None else None
    if not _is_due(row, now) and not (born and row.in_use != row.seq):
        return None
    if row.sends >= IN_VAIN and row.in_use == row.seq:
        return Turn(row, {"due": None}, believed=True)
    said = {"due": now + _pause(row), "sends": row.sends + 1}
    if row.sends == IN_VAIN:
        said["number"] = max(now, row.number + 1)
    return Turn(row, said)


def _pause(row: Wanted) -> int:
    if row.is_at_work and row.in_use != row.seq:
        return LATER_MS  # it has the wish on its disk, and waits for a window or the line
    return PAUSES_S[min(row.sends, len(PAUSES_S) - 1)] * 1000


def _put_off(row: Wanted, now: int) -> Turn:
    return Turn(row, {"due": None if row.is_answered else now + LATER_MS})


def _is_due(row: Wanted, now: int) -> bool:
    return row.due is not None and row.due <= now
