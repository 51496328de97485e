"""What is left of a document when the pieces of a wrong kind are taken out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.services.shaped import shaped
from controller.services.sheet_write import write
from tests.controller.services.conftest import PACK

anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["id", "name"]), inner)
    ),
    max_leaves=5,
)


def test_a_sound_document_is_left_as_it_is() -> None:
    assert shaped(PACK) == PACK


@pytest.mark.parametrize(
    ("spoilt", "left"),
    [
        ({"fields": "teks"}, {}),
        ({"fields": [None, {"name": "nik", "kind": ["nik"]}]}, {"fields": [{"name": "nik"}]}),
        ({"name": {"id": 7, "en": "x"}}, {"name": {"en": "x"}}),
        ({"queue": 7}, {}),
        ({"queue": None}, {"queue": None}),
        ({"level": {"id": 1}}, {}),
        ({"code": "kecil sekali", "baru": [1]}, {"code": "kecil sekali", "baru": [1]}),
    ],
)
def test_what_is_of_a_wrong_kind_is_left_out(spoilt: dict[str, Any], left: dict[str, Any]) -> None:
    assert shaped(spoilt) == left


@settings(max_examples=25, deadline=None)  # a workbook takes its time
@given(st.sampled_from(sorted(PACK)), anything)
def test_what_is_left_can_be_left_once_more_and_written(name: str, piece: Any) -> None:
    found = shaped(PACK | {name: piece})
    assert shaped(found) == found
    assert write(PACK | {name: piece}).startswith(b"PK")
