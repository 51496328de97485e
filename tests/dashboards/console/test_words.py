"""Reasons, facts and flips in words; whatever a kiosk writes stays one short safe line."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dashboards.console import words
from dashboards.console.texts import load

ID, EN = load()["id"], load()["en"]


def test_a_reason_is_worded_by_the_catalogue_by_us_or_not_at_all() -> None:
    assert words.reason("printer.paper_out", EN) == words.name_of("printer.paper_out", EN)
    assert words.reason("stale", EN) == "The kiosk is not heard"
    assert words.reason("probe:screen", ID) == "Layar tidak dapat dipastikan"
    assert words.reason("media-empty", ID) == "media-empty"


def test_facts_carry_their_units_and_the_separators_of_the_language() -> None:
    found = words.facts({"free_mb": 61200, "celsius": 54.5, "lit": True, "gateway": None}, ID)
    assert [(fact.name, fact.text) for fact in found] == [
        ("Sisa", "61.200\u00a0MB"),
        ("Suhu", "54,5\u00a0°C"),
        ("Menyala", "ya"),
    ]
    assert words.value_text("uptime_s", 5400, EN) == "1 h 30 min"
    assert words.value_text("used_percent", 41.0, EN) == "41%"


def test_a_second_printer_keeps_its_own_name() -> None:
    assert words.probe_name("printer:front", EN) == "Printer front"
    assert words.probe_name("card_reader", EN) == "card_reader"


def test_flips_read_as_sentences_in_their_colour() -> None:
    said = words.flip("fault:printer.paper_out", "clear", "open", EN)
    assert said == ("Printer out of paper: fault opened", "fail")
    assert words.flip("presence", "online", "offline", ID).text == "Sambungan: Daring → Luring"
    assert words.flip("verdict:apply", "yes", "no", EN).tone == "no"
    assert words.flip("probe:screen", "ok", "unknown", EN).tone == "unknown"


def test_row_67_terminal_colours_and_direction_marks_are_made_visible() -> None:
    assert words.plain("\x1b[31mred\u202egnp.exe\x00") == "\ufffd[31mred\ufffdgnp.exe\ufffd"


def test_row_67_a_megabyte_of_text_is_cut() -> None:
    assert len(words.plain("x" * 1_000_000)) == words.LONGEST


facts = st.dictionaries(
    st.text(max_size=48),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    max_size=8,
)


@given(facts, st.text(), st.text(max_size=300))
def test_row_67_nothing_a_kiosk_says_breaks_the_words(
    found: dict[str, Any], name: str, why: str
) -> None:
    assert all(len(fact.text) <= 340 for fact in words.facts(found, ID))
    assert words.reason(why, EN) is not None
    assert words.evidence({"facts": found, "at": 3}, EN).at == 3
    assert words.flip(name, name, name, EN).text
