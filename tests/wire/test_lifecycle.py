"""The tables: what may follow what, and that nobody guesses the rest."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import messages
from wire.lifecycle import (
    CERTIFICATE,
    COMMAND,
    FAULT,
    GUESSES,
    IDENTITY,
    INSTALL,
    JOB,
    OPEN,
    PACK,
    PRESENCE,
    RECORD,
    RELEASE,
    ROLLOUT,
    SETTLED,
    SUBMISSION,
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
    "command": (COMMAND, "queued"),
    "job": (JOB, "waiting"),
    "install": (INSTALL, "pending"),
    "release": (RELEASE, "draft"),
    "rollout": (ROLLOUT, "waiting"),
    "pack": (PACK, "draft"),
    "record": (RECORD, "arrived"),
    "submission": (SUBMISSION, "submitted"),
}
ENDS = {
    "identity": {"decommissioned"},  # a name is never used again
    "certificate": {"refused", "superseded", "revoked"},
    # `cancelled` by an office whose books were put back is corrected by the kiosk's own end
    "command": {"succeeded", "failed", "rejected", "expired", "unknown"},
    "job": {"refused", "cancelled", "finished"},
    "release": {"dropped", "withdrawn"},
    "rollout": {"refused", "rolled_back"},
    "pack": {"dropped", "retired"},
    "record": {"accepted"},
    "submission": {"taken", "withdrawn"},
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


CLOSED = set(get_args(messages.End))
WORDS = {"succeed": "succeeded", "fail": "failed", "reject": "rejected", "expired": "expired",
         "cancelled": "cancelled", "lost": "unknown"}  # fmt: skip
"""With which word of the kiosk a command ends in which state."""
ALIVE = ("accept", "progress")
BEFORE_AN_END = sorted(states(COMMAND) - CLOSED)


def test_a_command_ends_as_a_result_can_say_and_in_no_other_way() -> None:
    assert set(WORDS.values()) == CLOSED
    assert states(COMMAND) == CLOSED | {*OPEN} | GUESSES.keys()
    assert set(GUESSES.values()) <= CLOSED
    assert events(COMMAND) == {*WORDS, *ALIVE, "send", "cancel", *GUESSES}


@pytest.mark.parametrize("event", sorted(events(COMMAND)))
@pytest.mark.parametrize("state", sorted(states(COMMAND)))
def test_every_pair_of_a_command_is_in_the_table_or_an_illegal_move(state: str, event: str) -> None:
    if (state, event) in COMMAND:
        assert move(COMMAND, state, event) in states(COMMAND)
        return
    with pytest.raises(IllegalMove):
        move(COMMAND, state, event)


@pytest.mark.parametrize("state", BEFORE_AN_END)
def test_whatever_the_office_believes_the_kiosk_knows_better(state: str) -> None:
    for word, end in WORDS.items():
        assert move(COMMAND, state, word) == end
    assert move(COMMAND, state, "progress") == "running"
    assert move(COMMAND, state, "accept") in ("accepted", "running")


@pytest.mark.parametrize("state", sorted(CLOSED - {"cancelled"}))
def test_an_end_is_an_end(state: str) -> None:
    known = {event: new for (old, event), new in COMMAND.items() if old == state}
    assert set(known.values()) == {state}
    assert {*ALIVE} < known.keys()
    assert {event for event in WORDS if event in known} == {
        w for w, e in WORDS.items() if e == state
    }


def test_the_office_never_ends_what_a_kiosk_may_have_begun() -> None:
    for event in ("cancel", "send", *GUESSES):
        ended = {old for (old, e), new in COMMAND.items() if e == event and new in CLOSED}
        assert ended <= {"queued"}


@pytest.mark.parametrize("state", BEFORE_AN_END)
def test_no_command_runs_for_ever(state: str) -> None:
    assert reachable(COMMAND, state) >= CLOSED
    if state in OPEN:  # and the office need not wait for a kiosk that is silent for good
        assert {move(COMMAND, state, guess) for guess in GUESSES if (state, guess) in COMMAND}


@given(
    end=st.sampled_from([*WORDS]),
    said=st.lists(st.sampled_from([*ALIVE, "end"]), max_size=8),
    guessed=st.lists(st.sampled_from(["send", "cancel", *GUESSES]), max_size=8),
    data=st.data(),
)
def test_lost_doubled_and_late_words_end_in_what_the_kiosk_said(
    end: str, said: list[str], guessed: list[str], data: st.DataObject
) -> None:
    heard = [end if word == "end" else word for word in (*said, "end")]
    state = "queued"
    for event in data.draw(st.permutations([*heard, *guessed])):
        if event in (*WORDS, *ALIVE) or (state, event) in COMMAND:
            state = move(COMMAND, state, event)  # a word of the kiosk is never illegal
    assert state == WORDS[end]


@pytest.mark.parametrize("state", ["waiting", "ready", "running", "held", "paused"])
def test_a_job_can_be_cancelled_until_it_is_over(state: str) -> None:
    assert move(JOB, state, "cancel") == "cancelled"


@pytest.mark.parametrize("state", ["waiting", "held", "paused"])
def test_a_job_that_people_hold_does_not_go_on_by_itself(state: str) -> None:
    onwards = {event for (old, event), new in JOB.items() if old == state and new == "running"}
    assert onwards <= {"resume"}
    with pytest.raises(IllegalMove):
        move(JOB, state, "begin")


def test_a_job_begins_only_after_enough_people_agreed() -> None:
    assert {old for (old, _), new in JOB.items() if new == "ready"} == {"waiting"}
    assert {old for (old, event), _ in JOB.items() if event == "begin"} == {"ready"}


def test_an_install_settles_as_a_kiosk_can_say_it_and_only_another_desire_moves_it() -> None:
    assert set(SETTLED) == set(get_args(messages.Settled))
    assert states(INSTALL) == {*SETTLED, *get_args(messages.Installing)}
    assert {event for state, event in INSTALL if state in SETTLED} == {"replace"}


@pytest.mark.parametrize("state", ["activating", "confirming"])
def test_after_the_switch_a_release_is_confirmed_or_taken_back(state: str) -> None:
    assert not {(state, "replace"), (state, "give_up")} & INSTALL.keys()
    assert {SETTLED[0], SETTLED[1]} <= reachable(INSTALL, state)


def test_a_release_is_published_only_when_it_is_signed() -> None:
    assert {old for (old, _), new in RELEASE.items() if new == "published"} == {"signed"}
    assert {old for (old, event) in RELEASE if event == "sign"} == {"waiting"}


@pytest.mark.parametrize("state", ["waiting", "held", "paused"])
def test_a_rollout_that_people_hold_reaches_nobody_by_itself(state: str) -> None:
    onwards = {event for (old, event), new in ROLLOUT.items() if old == state and new == "running"}
    assert onwards <= {"resume"}


@pytest.mark.parametrize("state", ["running", "held", "paused", "finished", "aborted"])
def test_a_rollout_can_be_taken_back_once_it_has_begun(state: str) -> None:
    assert move(ROLLOUT, state, "back") == "rolling_back"
