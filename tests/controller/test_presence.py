"""Presence follows its table, and remembers why."""

from hypothesis import given
from hypothesis import strategies as st

from controller.known import Presence
from controller.presence import after, event_of
from tests.support.office import Teller
from wire.lifecycle import PRESENCE

EVENTS = sorted({event for _, event in PRESENCE})
STATES = sorted({state for state, _ in PRESENCE})


@given(st.sampled_from(STATES), st.lists(st.sampled_from(EVENTS), max_size=30))
def test_only_changes_are_dated_and_explained(state: str, events: list[str]) -> None:
    presence = Presence(state, 0, "")
    for now, event in enumerate(events, 1):
        new = after(presence, event, now)
        assert new.state == PRESENCE[presence.state, event]
        assert (new is presence) == (new.state == presence.state)
        if new is not presence:
            assert new == Presence(new.state, now, event)
        presence = new


@given(st.sampled_from(STATES))
def test_a_deaf_office_never_makes_a_kiosk_offline(state: str) -> None:
    new = after(Presence(state, 0, ""), "deaf", 1)
    assert new.state == state if state != "online" else new.state == "unknown"


def test_each_message_is_an_event() -> None:
    teller = Teller("kiosk-1")
    assert event_of(teller.birth()) == "birth"
    assert event_of(teller.reading()) == event_of(teller.present()) == "heard"
    assert event_of(teller.death()) == "will"
    assert event_of(teller.death(planned=True)) == "farewell"
