"""The part of a file that a player asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ranges import Outside, Part, part


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bytes=0-", Part(0, 99)),
        ("bytes=10-19", Part(10, 19)),
        ("bytes=90-500", Part(90, 99)),
        ("bytes=-10", Part(90, 99)),
        ("bytes=-500", Part(0, 99)),
        ("", None),
        ("bytes=-", None),
        ("bytes=5-4", None),
        ("bytes=0-1,5-6", None),
        ("pages=1-2", None),
    ],
)
def test_one_range_is_understood_and_all_else_is_the_whole(asked: str, found: Part | None) -> None:
    assert part(asked, 100) == found


@pytest.mark.parametrize(
    ("asked", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0)]
)
def test_beyond_the_end_there_is_nothing(asked: str, size: int) -> None:
    with pytest.raises(Outside):
        part(asked, size)


@given(asked=st.one_of(st.text(max_size=30), st.from_regex(r"bytes=\d*-\d*", fullmatch=True)))
def test_a_part_never_leaves_the_file(asked: str) -> None:
    try:
        found = part(asked, 1000)
    except Outside:
        return
    assert found is None or 0 <= found.first <= found.last < 1000
