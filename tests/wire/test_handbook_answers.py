"""Every word with which a command ends is explained, and no word that no kiosk says."""

import re
from pathlib import Path

import pytest

from wire.handbook_answers import ANSWERS, DEEDS

HOUSE = Path(__file__).parents[2]
STEPS = {"route", "name", "broker", "door", "time"}
"""Of check_network, which fails with the name of its first broken step."""


def said_by_actions() -> set[str]:
    texts = [one.read_text("utf-8") for one in (HOUSE / "agent" / "actions").glob("*.py")]
    return {*re.findall(r'(?:Failed\(\s*|code=)"([a-z_]+)"', "\n".join(texts))}


def test_every_word_of_an_action_is_explained() -> None:
    assert said_by_actions() | STEPS <= {*ANSWERS, *DEEDS}


def test_no_action_is_said_to_say_what_none_does() -> None:
    assert {*DEEDS} <= said_by_actions() | STEPS


def test_a_word_is_explained_once() -> None:
    assert not {*ANSWERS} & {*DEEDS}


@pytest.mark.parametrize("code", [*ANSWERS, *DEEDS])
def test_an_explanation_fits_a_cell_of_a_table(code: str) -> None:
    answer = {**ANSWERS, **DEEDS}[code]
    assert answer.when
    assert not {*"|\n"} & {*answer.when, *answer.act}
