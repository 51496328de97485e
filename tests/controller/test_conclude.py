"""Every change of a conclusion leaves its flip, and nothing else does."""

from hypothesis import given
from hypothesis import strategies as st

from controller.conclude import arrive, claims, conclude, held
from controller.effects import Effects
from controller.judge import Claim
from controller.known import Known
from controller.verdict import SERVICES
from wire.lifecycle import PRESENCE

EVENTS = sorted({event for _, event in PRESENCE})


def test_a_claim_of_nothing_new_changes_nothing() -> None:
    draft, effects = Known(1, "kiosk-1", 0), Effects()
    assert not claims(draft, [Claim("screen.black", "gone")], effects, 1)
    assert claims(draft, [Claim("screen.black", "seen")], effects, 1)
    assert not claims(draft, [Claim("screen.black", "seen")], effects, 2)
    assert [turn.opened for turn in effects.turns] == [True]


def test_time_is_up_only_for_what_waits() -> None:
    draft, effects = Known(1, "kiosk-1", 0), Effects()
    assert not held(draft, "system.cpu_high", effects, 10)
    claims(draft, [Claim("system.cpu_high", "seen", "busy")], effects, 0)
    assert not held(draft, "system.cpu_high", effects, 299_999)
    assert held(draft, "system.cpu_high", effects, 300_000)
    assert not held(draft, "system.cpu_high", effects, 10**9)
    assert effects.turns[0].row["why"] == "busy"


@given(st.lists(st.sampled_from(EVENTS), max_size=20))
def test_flips_of_presence_chain(events: list[str]) -> None:
    draft, effects = Known(1, "kiosk-1", 0), Effects()
    for now, event in enumerate(events):
        arrive(draft, event, effects, now)
        conclude(draft, effects, now)
    flips = [row for row in effects.flips if row["subject"] == "presence"]
    state = "never"
    for row in flips:
        assert row["old"] == state != row["new"]
        state = row["new"]
    assert state == draft.presence.state
    if draft.presence.state == "offline" and draft.presence.why != "shut":
        assert "kiosk.offline" in draft.faults


def test_what_does_not_change_keeps_its_date() -> None:
    draft, effects = Known(1, "kiosk-1", 0), Effects()
    arrive(draft, "birth", effects, 5)
    conclude(draft, effects, 5)
    dates = [draft.verdicts[service].since for service in SERVICES]
    conclude(draft, effects, 99)
    assert [draft.verdicts[service].since for service in SERVICES] == dates
    assert draft.status.since == 5
