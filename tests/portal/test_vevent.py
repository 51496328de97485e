"""The event of a visit, read back by a calendar program's library."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from portal import vevent
from portal.handover import qr
from wire.citizen import Visit

AT = 1_795_000_000_000


def visit(starts: int = AT) -> Visit:
    return Visit(uid="a", starts=starts, ends=starts + 3_600_000, district="32.73.02",
                 place="Aula", services=("KK",))  # fmt: skip


def read(said: str) -> Any:
    """The one event in it."""
    calendar: Any = Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{said}END:VCALENDAR\r\n")
    (event,) = calendar.walk("VEVENT")
    return event


def test_a_telephone_reads_when_and_where() -> None:
    event = read(vevent.event(visit(), "Jemput Bola", "Aula, Dago"))
    assert event["SUMMARY"] == "Jemput Bola"
    assert event["LOCATION"] == "Aula, Dago"
    assert event["DTSTART"].dt == datetime.fromtimestamp(AT // 60_000 * 60, UTC)
    assert event["DTEND"].dt > event["DTSTART"].dt


@given(st.text(max_size=300), st.integers(0, 4_000_000_000_000))
@example("Aula\r\nEND:VEVENT\r\nBEGIN:VALARM\\;,:", AT)
def test_no_words_end_a_line_or_begin_another_property(words: str, starts: int) -> None:
    said = vevent.event(visit(starts), words, words)
    assert len(said.split("\r\n")) == 7
    assert "\n" not in said.replace("\r\n", "")
    assert not read(said).subcomponents


def test_the_longest_event_is_still_a_picture_a_telephone_can_read() -> None:
    drawn = qr(vevent.event(visit(), "ü" * 300, "Ж" * 300))
    assert "viewBox" in drawn
