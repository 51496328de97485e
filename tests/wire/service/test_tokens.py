"""The words of a condition, where they stand, and what a word processor makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.service.tokens import ExpressionError, split


def kinds(text: str) -> list[tuple[str, str]]:
    return [(str(token.kind), token.text) for token in split(text)][:-1]


def test_words_of_both_languages_become_one() -> None:
    assert kinds("atau OR dan AND bukan not dalam in ya tidak") == [
        ("word", each)
        for each in ("or", "or", "and", "and", "not", "not", "in", "in", "true", "false")
    ]


def test_names_are_written_small() -> None:
    assert kinds("Umur(NIK)") == [("name", "umur"), ("sign", "("), ("name", "nik"), ("sign", ")")]


def test_signs_of_a_word_processor_are_the_plain_ones() -> None:
    assert kinds("≠ ≤ ≥ = <> × −") == [
        ("sign", each) for each in ("!=", "<=", ">=", "==", "!=", "*", "-")
    ]
    assert kinds("‘a’ “b”") == [("text", "a"), ("text", "b")]


def test_a_name_keeps_what_begins_like_a_word() -> None:
    assert kinds("dana oranye inap") == [("name", "dana"), ("name", "oranye"), ("name", "inap")]


@pytest.mark.parametrize(
    ("text", "at"), [("  'a", 2), ("nama % 2", 5), ("12ab", 0), ("a ? b", 2), ("9" * 17, 0)]
)
def test_a_refusal_says_where(text: str, at: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        split(text)
    assert refused.value.at == at


@given(st.text(max_size=200))
def test_tokens_stand_in_their_order_and_cover_the_text(text: str) -> None:
    try:
        tokens = split(text)
    except ExpressionError:
        return
    places = [token.at for token in tokens]
    assert places == sorted(places)
    assert tokens[-1].kind == "end"
    assert all(token.kind == "end" or token.at < len(text) for token in tokens)
