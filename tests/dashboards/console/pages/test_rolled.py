"""The colours of rollouts: one for every state there is."""

from controller.rollouts.shapes import ROLLOUT_STATES, SHARE_STATES
from dashboards.console.pages.rolled import (
    INSTALL_TONES,
    SHARE_TONES,
    TONES,
    bars,
    settled,
)
from dashboards.console.texts import load
from wire.lifecycle import INSTALL, ROLLOUT, states


def test_every_state_has_a_tone_and_words() -> None:
    assert set(TONES) == set(ROLLOUT_STATES) == states(ROLLOUT)
    assert set(SHARE_TONES) == set(SHARE_STATES)
    assert set(INSTALL_TONES) == states(INSTALL)
    for t in load().values():
        assert all(t.known(f"rollout_state.{one}") for one in TONES)
        assert all(t.known(f"share_state.{one}") for one in SHARE_TONES)
        assert all(t.known(f"install_state.{one}") for one in INSTALL_TONES)


def test_a_bar_is_as_wide_as_what_it_counts() -> None:
    drawn = bars({"installed": 2, "waiting": 1, "failed": 1}, 4)
    assert drawn == [("ok", 0.0, 50.0), ("fail", 50.0, 25.0), ("none", 75.0, 25.0)]
    assert bars({}, 0) == []


def test_whoever_failed_or_went_back_has_settled_too() -> None:
    assert settled({"installed": 2, "failed": 1, "rolled_back": 3, "wanted": 9}) == 6
