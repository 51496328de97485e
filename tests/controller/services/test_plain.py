"""A document is plain values: whatever else a file can say is refused before anybody reads it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.services.plain import DEEPEST, is_plain

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "value", ["a\0", "\ud800", 10**30, float("nan"), float("inf"), {1: "a"}, {"\0": 1}, {1}, b"x"]
)
def test_what_no_store_takes_is_not_plain(value: Any) -> None:
    assert not is_plain(value)
    assert not is_plain({"fields": [{"label": value}]})


def test_no_document_is_deeper_than_anybody_writes() -> None:
    deep: Any = "x"
    for _ in range(DEEPEST):
        deep = [deep]
    assert is_plain(deep)
    assert not is_plain([deep])


@given(ANY)
def test_what_is_plain_can_be_written_and_comes_back(value: Any) -> None:
    if is_plain(value):
        assert msgspec.json.decode(msgspec.json.encode(value)) == value
