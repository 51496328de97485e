"""A visit of the mobile counter as a telephone's calendar takes it (iCalendar, RFC 5545). Pure.

Owns the words of the event and their escaping: what an officer typed can end no line and begin no
other property. Short, because it is read off a screen as a QR.
"""

from typing import Final

from wire.citizen import Visit
from wire.service import days, text

MOST: Final = 80  # letters of a text in it
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,"})


def event(visit: Visit, summary: str, place: str) -> str:
    """One calendar with one event, in UTC."""
    begins = moment(visit.starts)
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Anjungan//ID",
        "BEGIN:VEVENT",
        f"UID:{_said(visit.uid)}",
        f"DTSTAMP:{begins}",
        f"DTSTART:{begins}",
        f"DTEND:{moment(visit.ends)}",
        f"SUMMARY:{_said(summary)}",
        f"LOCATION:{_said(place)}",
        "END:VEVENT",
        "END:VCALENDAR",
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
