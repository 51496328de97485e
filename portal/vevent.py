"""A visit of the mobile counter as a telephone's camera takes it into its calendar. Pure.

Owns the words of the event and their escaping (RFC 5545): what an officer typed can end no line and
begin no other property. It is the bare event that cameras understand, without the calendar around
it: every letter makes the QR on the screen finer and harder to photograph.
"""

from typing import Final

from wire.citizen import Visit
from wire.service import days, text

MOST: Final = 80  # letters of a text in it
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,"})


def event(visit: Visit, summary: str, place: str) -> str:
    """One event, in UTC."""
    lines = (
        "BEGIN:VEVENT",
        f"SUMMARY:{_said(summary)}",
        f"DTSTART:{moment(visit.starts)}",
        f"DTEND:{moment(visit.ends)}",
        f"LOCATION:{_said(place)}",
        "END:VEVENT",
        "",
    )
    return "\r\n".join(lines)


def moment(at: int) -> str:
    """20261201T010000Z of Unix milliseconds."""
    day = days.from_millis(at, 0)
    clock = days.clock(at, 0).replace(":", "")
    return f"{day.year:04}{day.month:02}{day.day:02}T{clock}00Z"


def _said(words: str) -> str:
    return text.line(words)[:MOST].translate(_ESCAPED)
