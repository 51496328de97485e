"""The tables: what may follow what, and that nobody guesses the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.lifecycle import FAULT, PRESENCE, IllegalMove, Table, move, states

TABLES = {"presence": (PRESENCE, "never"), "fault": (FAULT, "clear")}
tables = pytest.mark.parametrize(("table", "start"), TABLES.values(), ids=[*TABLES])


def events(table: Table) -> set[str]:
    return {event for _, event in table}


def reachable(table: Table, start: str) -> set[str]:
    known = {start}
    while fresh := {new for (old, _), new in table.items() if old in known} - known:
        known |= fresh
    return known


@tables
def test_every_state_can_be_reached(table: Table, start: str) -> None:
    assert reachable(table, start) == states(table)


@tables
def test_no_state_is_a_dead_end(table: Table, start: str) -> None:
    assert all(reachable(table, state) >= states(table) - {start} for state in states(table))


def test_presence_has_an_answer_to_every_event_in_every_state() -> None:
    assert set(PRESENCE) == {(s, e) for s in states(PRESENCE) for e in events(PRESENCE)}


def test_a_fault_has_an_answer_to_evidence_in_every_state() -> None:
    assert {(s, e) for s in states(FAULT) for e in ("seen", "gone")} <= set(FAULT)


@given(st.sampled_from([*TABLES]), st.text(max_size=8), st.text(max_size=8))
def test_a_pair_the_table_does_not_know_is_an_error(name: str, state: str, event: str) -> None:
    table, _ = TABLES[name]
    for pair in {(state, event), *((s, event) for s in states(table))} - set(table):
        with pytest.raises(IllegalMove):
            move(table, *pair)


def test_a_fault_cannot_be_held_open_twice() -> None:
    with pytest.raises(IllegalMove, match="held"):
        move(FAULT, "open", "held")


@pytest.mark.parametrize("event", ["deaf", "will", "farewell", "silent"])
def test_a_kiosk_never_heard_of_raises_no_alarm(event: str) -> None:
    assert move(PRESENCE, "never", event) == "never"


def test_an_office_that_was_deaf_does_not_call_a_kiosk_offline() -> None:
    assert move(PRESENCE, "online", "deaf") == "unknown"
    assert move(PRESENCE, "offline", "deaf") == "offline"


@pytest.mark.parametrize("state", sorted(states(PRESENCE)))
def test_a_kiosk_that_is_heard_is_online(state: str) -> None:
    assert move(PRESENCE, state, "heard") == move(PRESENCE, state, "birth") == "online"
