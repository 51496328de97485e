"""Reasons, facts and flips in words; whatever a kiosk writes stays one short safe line."""

from typing import Any

import pytest
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
        ("Sisa", "59,8\u00a0GB"),
        ("Suhu", "54,5\u00a0°C"),
        ("Menyala", "ya"),
    ]
    assert words.value_text("uptime_s", 5400, EN) == "1 h 30 min"
    assert words.value_text("used_percent", 41.0, EN) == "41%"
    assert words.value_text("cpu_s", 0.2, ID) == "0,2 dtk"
    assert words.value_text("rx_kbps", 25370.3, EN) == "25.4\u00a0Mbit/s"
    assert words.value_text("offset_ms", -125_000, EN) == "-125\u00a0s"


def test_words_of_facts_are_said_in_the_language_of_the_page() -> None:
    found = words.facts({"backend": "none", "width": 1080, "height": 1920}, ID)
    assert found == (("Jenis tampilan", "tidak ada"), ("Ukuran gambar", "1080 × 1920"))
    reasons = words.value_text("reasons", "media-empty,cover-open, spool-area-full", ID)
    assert reasons == "kertas habis, tutup terbuka, spool-area-full"


def test_a_sentence_of_an_agent_is_said_in_the_language_of_the_page_and_else_marked() -> None:
    def told(why: str) -> list[tuple[str, bool]]:
        return [(piece.text, piece.foreign) for piece in words.said(why, ID)]

    assert told("stale") == [("Anjungan sedang tidak terdengar", False)]
    assert told("screen browser") == [("Layar, Peramban", False)]
    assert told("the moon is full") == [("the moon is full", True)]
    assert "".join(text for text, _ in told("the printer says media-low")) == (
        "printer melaporkan: kertas menipis"
    )
    assert words.said("the moon is full", EN) == (("the moon is full", False),)


def test_evidence_says_when_it_was_seen_not_a_number_of_milliseconds() -> None:
    assert words.evidence({"since": 3}, EN) == (3, ())


def test_a_second_printer_keeps_its_own_name() -> None:
    assert words.probe_name("printer:front", EN) == "Printer front"
    assert words.probe_name("card_reader", EN) == "card_reader"


def test_flips_read_as_sentences_in_their_colour() -> None:
    said = words.flip("fault:printer.paper_out", "clear", "open", EN)
    assert said == ("Printer out of paper: fault opened", "fail")
    assert words.flip("presence", "online", "offline", ID).text == "Sambungan: Daring → Luring"
    assert words.flip("verdict:apply", "yes", "no", EN).tone == "no"
    assert words.flip("probe:screen", "ok", "unknown", EN).tone == "unknown"
    said = words.flip("install:layanan-7", "confirming", "rolled_back", ID)
    assert said == ("layanan-7: Kembali ke sebelumnya", "warn")
    assert words.flip("install", "unknown", "installed", ID).text == "Terpasang"
    assert words.flip("command:noop", "running", "succeeded", ID) == ("Sapa: Berhasil", "ok")
    assert words.flip("command:unknown", "running", "failed", ID).tone == "warn"


def test_services_that_turned_together_are_one_line() -> None:
    also = ["verdict:apply", "verdict:complain", "verdict:watch"]
    said = words.flip("verdict:inform", "yes", "no", EN, also)
    assert said.text == "All services: yes → no"
    said = words.flip("verdict:inform", "yes", "no", EN, also[2:])
    assert said.text == "Service information, Tutorial videos: yes → no"


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
    assert "".join(piece.text for piece in words.said(why, ID)) or not why
    assert words.evidence({"facts": found, "at": 3}, EN).at == 3
    assert words.flip(name, name, name, EN).text


def test_what_a_self_test_says_of_each_device_is_said_under_the_device_s_name() -> None:
    why = "power: running on battery, 64 % left; screen: the screen is switched off; out of order"
    pieces = words.said(why, ID)
    assert "".join(piece.text for piece in pieces) == (
        "Daya: berjalan dengan baterai, sisa 64%; Layar: layar dipadamkan; out of order"
    )


@pytest.mark.parametrize(
    ("part", "indonesian", "english"),
    [
        (0.0, "0%", "0%"),
        (0.0000004, "<\u00a00,0001%", "<\u00a00.0001%"),
        (0.000003, "0,00030%", "0.00030%"),
        (0.0000266, "0,0027%", "0.0027%"),
        (0.001, "0,10%", "0.10%"),
        (0.0048, "0,48%", "0.48%"),
        (0.034, "3,4%", "3.4%"),
        (0.25, "25%", "25%"),
        (1.0, "100%", "100%"),
    ],
)
def test_a_small_chance_has_as_many_places_as_it_needs(
    part: float, indonesian: str, english: str
) -> None:
    assert (words.chance(part, ID), words.chance(part, EN)) == (indonesian, english)
