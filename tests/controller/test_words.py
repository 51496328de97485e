"""Words nobody knows are refused aloud."""

import pytest

from controller.words import STATES, BadQuestion, check_text, check_words, is_text


def test_words_of_the_set_pass() -> None:
    check_words("state", STATES, STATES)


def test_a_word_outside_the_set_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(BadQuestion, match=r"state: 'red' is not one of fail, offline") as refused:
        check_words("state", ["ok", "red"], STATES)
    assert (refused.value.field, refused.value.allowed) == ("state", STATES)


def test_a_refusal_never_repeats_endless_text() -> None:
    with pytest.raises(BadQuestion) as refused:
        check_text("search", "x" * 1_000_000)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "a\nb", "\ud800", "\x9b1m"])
def test_control_characters_and_half_pairs_are_no_text(text: str) -> None:
    assert not is_text(text)
    with pytest.raises(BadQuestion):
        check_text("search", text)


@pytest.mark.parametrize("text", ["", "Kecamatan Coblong", "<script>", "Ciwidéy – 車"])
def test_other_characters_are_text(text: str) -> None:
    check_text("search", text)
