"""The tables: what may follow what, and that nobody guesses the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.lifecycle import (
    CERTIFICATE,
    FAULT,
    IDENTITY,
    PRESENCE,
    IllegalMove,
    Table,
    move,
    states,
)

TABLES = {
    "presence": (PRESENCE, "never"),
    "fault": (FAULT, "clear"),
    "identity": (IDENTITY, "registered"),
    "certificate": (CERTIFICATE, "requested"),
}
ENDS = {
    "identity": {"decommissioned"},  # a name is never used again
    "certificate": {"refused", "superseded", "revoked"},
}
"""States that nothing leads out of, on purpose."""
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


@pytest.mark.parametrize("name", sorted(TABLES.keys() - ENDS.keys()))
def test_no_state_is_a_dead_end(name: str) -> None:
    table, start = TABLES[name]
    assert all(reachable(table, state) >= states(table) - {start} for state in states(table))


@pytest.mark.parametrize("name", ENDS)
def test_only_the_ends_meant_as_such_are_dead_ends(name: str) -> None:
    table, _ = TABLES[name]
    assert {state for state in states(table) if reachable(table, state) == {state}} == ENDS[name]


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


def test_a_decommissioned_name_can_only_be_decommissioned_again() -> None:
    known = {event for state, event in IDENTITY if state == "decommissioned"}
    assert known == {"decommission"}
    assert move(IDENTITY, "decommissioned", "decommission") == "decommissioned"


@pytest.mark.parametrize("state", sorted(states(IDENTITY) - {"decommissioned"}))
def test_every_other_name_can_be_invited_and_decommissioned(state: str) -> None:
    assert move(IDENTITY, state, "invite") in ("pending", "active")
    assert move(IDENTITY, state, "decommission") == "decommissioned"


@pytest.mark.parametrize("state", ["registered", "quarantined", "revoked", "decommissioned"])
def test_nobody_enrols_without_an_invitation(state: str) -> None:
    with pytest.raises(IllegalMove):
        move(IDENTITY, state, "enrol")


@pytest.mark.parametrize("state", ["registered", "quarantined", "revoked"])
def test_the_way_back_to_active_leads_over_an_invitation(state: str) -> None:
    assert {new for (old, _), new in IDENTITY.items() if old == state} & {"active"} == set()


def test_a_certificate_that_ended_is_never_used_again() -> None:
    for state in ENDS["certificate"]:
        assert not any(old == state for old, _ in CERTIFICATE)


def test_a_certificate_is_used_before_it_is_current() -> None:
    assert {event for (_, event), new in CERTIFICATE.items() if new == "current"} == {"use"}
