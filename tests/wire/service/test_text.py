"""Text as people paste it: nothing that steers a device is left, and nothing else is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.service import text

anything = st.text(st.characters(codec=None), max_size=200)


@given(anything)
def test_a_line_is_one_line_without_what_steers(typed: str) -> None:
    made = text.line(typed)
    assert "\n" not in made
    assert made == " ".join(made.split())
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for letter in made)
    assert text.line(made) == made
    made.encode()


@given(anything)
def test_lines_keep_their_breaks_and_are_the_same_when_taken_again(typed: str) -> None:
    made = text.lines(typed)
    assert "\n\n\n" not in made
    assert "\r" not in made
    assert text.lines(made) == made
    made.encode()


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("  Warga \t  Contoh ", "Warga Contoh"),
        ("Warga\r\nContoh", "Warga Contoh"),
        ("<b>Warga</b> & 'Contoh'", "<b>Warga</b> & 'Contoh'"),
        ("Warga\x00\x1b[31m\x07Contoh", "Warga[31mContoh"),
        ("\u202ehotnoC\u202c agraW", "hotnoC agraW"),
        ("\u2066a\u2069\u200b\ufeffb", "ab"),
        ("👨\u200d👩\u200d👧 Cibiru 🙏🏽", "👨\u200d👩\u200d👧 Cibiru 🙏🏽"),
        ("cafe\u0301", "caf\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("Z" + "\u0336" * 50 + "!", "Z" + "\u0336" * 4 + "!"),
        ("\ud800 x", "x"),
        ("مرحبا", "مرحبا"),
        ("ᮞᮥᮔ᮪ᮓ", "ᮞᮥᮔ᮪ᮓ"),
    ],
)
def test_what_a_citizen_pastes_becomes_a_line(typed: str, made: str) -> None:
    assert text.line(typed) == made


def test_paragraphs_stay_paragraphs() -> None:
    assert text.lines(" satu \r\n\r\n\r\n\r\n dua\u2028tiga  ") == "satu\n\ndua\ntiga"


def test_what_is_printed_keeps_its_breaks_and_loses_escapes() -> None:
    assert text.printable("a\n\x1bi\x1d\x00b") == "a\nib"


@pytest.mark.parametrize(
    ("plain", "masked"),
    [
        ("3273056010900009", "3273••••••••0009"),
        ("081234567890", "••••••••7890"),
        ("12345", "••••"),
        ("Warga Contoh", "W•••• C••••"),
        ("warga@contoh.id", "w••••@contoh.id"),
        ("", ""),
    ],
)
def test_masked_is_enough_to_know_ones_own_by(plain: str, masked: str) -> None:
    assert text.masked(plain) == masked


@given(st.text(max_size=60))
def test_a_mask_never_shows_more_than_it_says(plain: str) -> None:
    shown = text.masked(plain)
    assert not plain or len(plain) < 3 or shown != plain or "•" in plain
