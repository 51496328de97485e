"""Days and places of a notice as people type them: whose they are, and from when to when.

Days are those of that government's clock, the last one included. Reads only.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from controller.services.said import unreadable
from controller.visits import whose
from controller.visits.whose import Whose
from wire.service import days


class Given(NamedTuple):
    """From one moment until another, Unix milliseconds."""

    whose: Whose
    starts: int
    ends: int


def days_of(conn: Connection, places: Sequence[str], first: str, last: str) -> Given:
    """Raises Unreadable, Refused `unknown`."""
    if not places:
        raise unreadable("Pilih kecamatan.", "Choose districts.")
    found = whose_are(conn, places)
    offset = found.tenant.utc_offset_min
    try:
        starts, ends = (days.start(days.parse(one), offset) for one in (first, last))
    except ValueError:
        raise unreadable("Tulis hari pertama dan terakhir.", "Write first and last day.") from None
    return Given(found, starts, ends + days.DAY_MS)


def whose_are(conn: Connection, places: Sequence[str]) -> Whose:
    """The government of the first one; `write` refuses others'. Raises Refused `unknown`."""
    return whose.find(conn, ".".join(places[0].split(".")[:2]))
