"""How long each kiosk is usually away before it comes back: from when on its silence means harm.

Owns one question to the timeline. Only absences that ended count, and only real ones: what the
office missed because it was deaf itself (`unknown`) is none of the kiosk's. Never decides what
silence means: the gate does.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from controller.store.slices import slices
from controller.store.tables import flip

LEAST_MS: Final = 10 * 60_000
MOST_MS: Final = 24 * 3_600_000
UNKNOWN_MS: Final = 3_600_000  # never away yet: too new, or too good, to have a habit
LOOKED_AT_MS: Final = 30 * 86_400_000
_PRESENCE: Final = (
    select(flip.c.kiosk_id, flip.c.old, flip.c.new, flip.c.at)
    .where(
        flip.c.kiosk_id.in_(bindparam("kiosks", expanding=True)),
        flip.c.subject == "presence",
        flip.c.at >= bindparam("since"),
    )
    .order_by(flip.c.kiosk_id, flip.c.at, flip.c.id)
)


def of(conn: Connection, kiosk_ids: Collection[int], now: int) -> dict[int, int]:
    """{kiosk id: its usual return time in ms} for each of these kiosks."""
    found = dict.fromkeys(kiosk_ids, UNKNOWN_MS)
    for some in slices(sorted(kiosk_ids)):
        rows = conn.execute(_PRESENCE, {"kiosks": some, "since": now - LOOKED_AT_MS})
        for kiosk_id, flips in groupby(rows, key=lambda row: row.kiosk_id):
            found[kiosk_id] = usual([*absences(flips)])
    return found


def usual(away: Sequence[int]) -> int:
    """The 95th percentile of these absences (ms), in its bounds; UNKNOWN_MS when there is none."""
    if not away:
        return UNKNOWN_MS
    ranked = sorted(away)
    at = -(-95 * len(ranked) // 100) - 1  # the nearest rank: of a few it is the longest
    return min(MOST_MS, max(LEAST_MS, ranked[at]))


def absences(flips: Iterable[Any]) -> Iterator[int]:
    """How long each took, from rows (old, new, at) of one kiosk's presence in their order."""
    left, gone = None, False
    for row in flips:
        if row.old == "online":
            left, gone = row.at, False
        gone |= row.new == "offline"
        if row.new == "online":
            if left is not None and gone:
                yield max(0, row.at - left)
            left = None
