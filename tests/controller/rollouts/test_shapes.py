"""Words of the shapes are those of the state tables."""

from controller.rollouts.shapes import LIVING, ROLLOUT_STATES, SHARE_STATES
from wire.lifecycle import ROLLOUT, SETTLED, states


def test_every_state_of_a_rollout_can_be_asked_for() -> None:
    assert set(ROLLOUT_STATES) == states(ROLLOUT)
    assert set(LIVING) < set(ROLLOUT_STATES)
    assert set(SHARE_STATES) == {"waiting", "wanted", *SETTLED}
