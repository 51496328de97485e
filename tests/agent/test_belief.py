"""Believing a worse state only when it lasts."""

from hypothesis import given
from hypothesis import strategies as st

from agent.belief import Belief
from tests.agent.observations import seen
from wire.messages import State

STATES = st.sampled_from(["ok", "warn", "fail", "unknown"])


def believed(confirm: int, states: list[State]) -> list[tuple[str | None, str] | None]:
    belief = Belief(confirm)
    out: list[tuple[str | None, str] | None] = []
    for state in states:
        sighting = belief.weigh(seen(state=state))
        out.append(sighting and (sighting.flipped_from, sighting.observation.state))
    return out


def test_worse_needs_as_many_readings_in_a_row_as_asked() -> None:
    assert believed(2, ["ok", "fail", "ok", "fail", "fail"]) == [
        (None, "ok"),
        None,
        (None, "ok"),
        None,
        ("ok", "fail"),
    ]


def test_better_and_unknown_are_believed_at_once() -> None:
    assert believed(2, ["fail", "fail", "unknown", "ok"]) == [
        None,
        (None, "fail"),
        ("fail", "unknown"),
        ("unknown", "ok"),
    ]


@given(st.integers(1, 4), st.lists(STATES, max_size=40))
def test_flips_join_without_a_gap(confirm: int, states: list[State]) -> None:
    before = None
    for sighting in believed(confirm, states):
        if sighting is not None:
            flipped_from, state = sighting
            assert flipped_from == (before if before != state else None)
            before = state
