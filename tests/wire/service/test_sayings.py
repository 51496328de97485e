"""Every sentence to a citizen stands in three languages and names no blame."""

import pytest

from wire.service.sayings import PROBLEMS, WARNINGS

ALL = {**PROBLEMS, **WARNINGS}


def test_no_code_is_a_problem_and_a_warning() -> None:
    assert len(ALL) == len(PROBLEMS) + len(WARNINGS)


@pytest.mark.parametrize("code", ALL)
def test_a_sentence_stands_in_three_languages(code: str) -> None:
    words = ALL[code]
    texts = (words.id, words.su, words.en)
    assert len(set(texts)) == 3
    assert all(text.endswith(".") and len(text) < 120 for text in texts)
    assert len({text.count("{most}") for text in texts}) == 1
    assert not any(blame in words.en.lower() for blame in ("wrong", "error", "invalid", "must"))
