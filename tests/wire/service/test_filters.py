"""Values as they are written on paper."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.service.filters import FILTERS, date, in_words, masked, rupiah, upper

_WORTH = {
    word: value
    for value, word in enumerate(
        "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()  # noqa: SIM905 - as one says it
    )
}


def value(words: list[str]) -> int:
    """What a number in words is worth: the way back, for numbers below 10**15."""
    for scale, word in ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu")):
        if word in words:
            at = words.index(word)
            return value(words[:at]) * scale + value(words[at + 1 :])
    if "ratus" in words:
        at = words.index("ratus")
        return value(words[:at]) * 100 + value(words[at + 1 :])
    if "puluh" in words:
        at = words.index("puluh")
        return value(words[:at]) * 10 + value(words[at + 1 :])
    if words[1:] == ["belas"]:
        return _WORTH[words[0]] + 10
    return _WORTH[words[0]] if words else 0


@given(st.one_of(st.integers(0, 3000), st.integers(0, 10**15 - 1)))
def test_a_number_in_words_is_that_number(number: int) -> None:
    plain = re.sub(r"\bse(ribu|ratus)\b", r"satu \1", in_words(number))
    assert value(plain.split()) == number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (100, "seratus"),
        (1_000, "seribu"),
        (1_100, "seribu seratus"),
        (1_000_000, "satu juta"),
        (1_511_000, "satu juta lima ratus sebelas ribu"),
        (2_100_010, "dua juta seratus ribu sepuluh"),
    ],
)
def test_numbers_are_said_as_indonesians_say_them(number: int, words: str) -> None:
    assert in_words(number) == words


def test_money_has_dots_between_thousands() -> None:
    assert rupiah(0) == "Rp0"
    assert rupiah(1_500_000) == "Rp1.500.000"
    assert rupiah("50000") == "Rp50.000"


def test_a_date_is_spelled() -> None:
    assert date("2026-11-22") == "22 November 2026"


def test_letters_become_large_and_numbers_masked() -> None:
    assert upper("Warga Contoh") == "WARGA CONTOH"
    assert masked("3273056010900009") == "3273••••••••0009"


@pytest.mark.parametrize("name", FILTERS)
@given(st.one_of(st.text(max_size=30), st.integers(-(10**18), 10**18)))
def test_a_filter_takes_whatever_it_is_given(name: str, given_: str | int) -> None:
    assert isinstance(FILTERS[name](given_), str)


@pytest.mark.parametrize("name", ["tanggal", "rupiah", "terbilang"])
def test_what_a_filter_cannot_read_stays_as_it_is(name: str) -> None:
    assert FILTERS[name]("Rp seribu") == "Rp seribu"
