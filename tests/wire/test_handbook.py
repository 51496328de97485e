"""The protocol handbook: nothing of the language is left untold."""

import re
from pathlib import Path

import msgspec
import pytest

from wire import handbook
from wire.errors import REASONS
from wire.faults import CATALOGUE
from wire.handbook_answers import ANSWERS
from wire.lifecycle import COMMAND, FAULT, JOB, PRESENCE, states
from wire.messages import DOWN, UP

TEXT = handbook.text()
KINDS = {**UP, **DOWN}


def test_every_reason_for_refusal_is_explained() -> None:
    assert tuple(handbook.REASONS) == REASONS


def test_every_field_is_explained_and_no_other() -> None:
    types = (*KINDS.values(), *handbook.PARTS)
    assert {f.name for type_ in types for f in msgspec.structs.fields(type_)} == {*handbook.FIELDS}


def test_every_word_with_which_an_order_is_refused_is_explained() -> None:
    house = Path(__file__).parents[2]
    texts = [path.read_text() for path in (house / "agent" / "commands").glob("*.py")]
    texts.append((house / "wire" / "policy.py").read_text())
    words = re.findall(
        r'Refusal\("([a-z_]+)"|(?:Refuse|Over)\("[a-z]+", "([a-z_]+)"', "".join(texts)
    )
    assert {one or other for one, other in words} <= {*ANSWERS}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_message_has_its_table(kind: str) -> None:
    assert f"### {KINDS[kind].__name__} (`{'up' if kind in UP else 'down'}/{kind}`)" in TEXT


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_fault_is_told(code: str) -> None:
    assert f"| `{code}` |" in TEXT
    assert CATALOGUE[code].advice.en in TEXT


TABLES = (PRESENCE, FAULT, COMMAND, JOB)


@pytest.mark.parametrize("state", sorted(set().union(*map(states, TABLES))))
def test_every_state_is_told(state: str) -> None:
    assert f"| {state} |" in TEXT


PROPERTIES = "Session Expiry Interval,Will Delay Interval,Clean Start,Receive Maximum,Keep Alive"


@pytest.mark.parametrize("word", [*PROPERTIES.split(","), "Reason Code", "Session Present"])
def test_the_properties_of_mqtt_5_are_named(word: str) -> None:
    assert word in TEXT


def test_every_table_row_has_the_cells_of_its_head() -> None:
    width = 0
    for line in TEXT.splitlines():
        cells = line.replace(r"\|", "").count("|") if line.startswith("|") else 0
        assert 0 in (width, cells) or width == cells, line
        width = cells


def test_nothing_is_left_to_fill_in() -> None:
    assert not re.search(r"\{[a-z_]+\}", TEXT)
