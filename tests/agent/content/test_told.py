"""The line on the child's standard input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.content import told
from agent.content.told import Told, Trial

millis = st.integers(0, 2**53)
every = st.builds(
    Told,
    time=st.none() | st.tuples(millis, millis, st.floats(0, 1e9)),
    floor=millis,
    trial=st.builds(Trial, release=st.integers(0, 2**31), reached=st.booleans()),
    taken=millis,
)


@given(every)
def test_what_is_told_is_one_line_and_survives_the_journey(one: Told) -> None:
    line = told.write(one)
    assert line.count(b"\n") == 1
    assert told.read(line) == one


def test_whoever_starts_the_child_by_hand_tells_it_nothing() -> None:
    assert told.read(b"") == told.read(b"\n") == Told()


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"time":[1,2]}', b'{"floor":"x"}'])
def test_nonsense_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        told.read(line)
