"""A second person agrees or refuses; the asker never does."""

import pytest

from controller.jobs.refused import Lacks, Refused
from controller.rollouts import agree
from tests.support.rollouts import RolloutDesk


def test_it_is_ready_when_enough_different_people_agreed(desk: RolloutDesk) -> None:
    rollout = desk.ask(approvals=2)
    assert desk.agree(rollout, "budi") == (True, 1, 2, "waiting")
    assert desk.agree(rollout, "budi") == (False, 1, 2, "waiting")
    assert desk.agree(rollout, "rini") == (True, 2, 2, "ready")
    assert [word.login for word in desk.shown(rollout).words] == ["budi", "rini"]
    assert len(desk.log("rollout.agree")) == 2
    with pytest.raises(Refused, match="second person"):
        desk.agree(rollout, "siti")


def test_who_asked_cannot_agree_and_who_lacks_the_power_neither(desk: RolloutDesk) -> None:
    rollout = desk.ask(approvals=1)
    desk.people["oki"] = desk.person("oki", ("operator", ""))
    with pytest.raises(Refused, match="second person"):
        desk.agree(rollout, "siti")
    with pytest.raises(Lacks):
        desk.agree(rollout, "oki")
    with pytest.raises(Refused, match="there is no rollout"):
        desk.agree(rollout + 1, "budi")


def test_a_refusal_has_a_reason_and_is_final(desk: RolloutDesk) -> None:
    rollout = desk.ask(approvals=1)
    with pytest.raises(Refused, match="needs a reason"):
        desk.steer(agree.refuse, rollout, " ", who="budi")
    desk.steer(agree.refuse, rollout, "not before the feast", who="budi")
    assert desk.row(rollout).state == "refused"
    assert desk.row(rollout).state_why == "budi: not before the feast"
    with pytest.raises(Refused, match="is refused"):
        desk.agree(rollout, "rini")
