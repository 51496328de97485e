"""What people do to a rollout under way, and what that means for its kiosks."""

import pytest

from controller.jobs.refused import Lacks, Refused
from controller.rollouts import steer
from tests.support.rollouts import RolloutDesk


def canary(desk: RolloutDesk, rollout: int) -> list[int]:
    return [row.kiosk_id for row in desk.shares(rollout, phase=1)]


def test_paused_no_phase_opens_and_those_who_were_told_go_on(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    desk.steer(steer.pause, rollout)
    desk.settle(canary(desk, rollout))
    desk.tick(60)
    assert (desk.row(rollout).state, desk.row(rollout).phase) == ("paused", 1)
    assert len(desk.shares(rollout, state="installed")) == 3
    desk.steer(steer.resume, rollout)
    desk.tick(0.1)
    assert desk.row(rollout).phase == 2


def test_paused_it_is_still_taken_back_when_it_does_harm(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    desk.steer(steer.pause, rollout)
    desk.settle(canary(desk, rollout), "rolled_back")
    desk.tick(0.1)
    assert desk.row(rollout).state == "rolling_back"


def test_aborted_nobody_more_gets_it_and_who_has_it_keeps_it(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    has, at_work, untold = canary(desk, rollout)
    desk.settle([has])
    desk.fetching([at_work])
    desk.steer(steer.abort, rollout)
    assert {one: row.seq for one, row in desk.desired().items()} == {has: 2, at_work: 1}
    assert untold not in desk.desired()
    assert {row.state for row in desk.shares(rollout, phase=2)} == {"waiting"}
    desk.settle([at_work])
    assert [row.state for row in desk.shares(rollout, kiosk_id=at_work)] == ["waiting"]


def test_a_held_one_that_is_resumed_forgives_what_held_it_and_no_more(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    first, *others = canary(desk, rollout)
    desk.settle([first], "failed", code="disk", why="the disk is full")
    desk.tick(0.1)
    assert desk.row(rollout).state == "held"
    assert "1 failed to install" in desk.row(rollout).state_why
    desk.steer(steer.resume, rollout)
    desk.tick(0.1)
    assert desk.row(rollout).state == "running"
    desk.settle(others[:1], "failed")
    desk.tick(0.1)
    assert desk.row(rollout).state == "held"


def test_once_more_for_those_that_failed_while_it_goes_on(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    first, *_ = canary(desk, rollout)
    with pytest.raises(Refused, match="no kiosk of rollout"):
        desk.steer(steer.retry, rollout, "")
    desk.settle([first], "failed")
    assert desk.steer(steer.retry, rollout, "") == rollout
    wanted = desk.desired()[first]
    assert (wanted.seq, wanted.attempt, wanted.sends) == (2, 2, 0)
    (row,) = desk.shares(rollout, kiosk_id=first)
    assert (row.state, row.settled_at, row.code) == ("wanted", None, "")


def test_once_more_after_it_is_over_is_a_new_rollout(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    first, *_ = canary(desk, rollout)
    desk.settle([first], "failed")
    desk.steer(steer.abort, rollout)
    again = desk.steer(steer.retry, rollout, "")
    assert again > rollout
    assert [row.kiosk_id for row in desk.shares(again)] == [first]
    desk.tick()
    assert desk.desired()[first].attempt == 2


def test_taken_back_after_it_was_finished(desk: RolloutDesk) -> None:
    name = min(desk.ids)
    rollout = desk.ask(name)
    desk.tick()
    desk.settle([desk.ids[name]])
    desk.tick(11)
    assert desk.row(rollout).state == "running"
    desk.tick(1)
    assert desk.row(rollout).state == "finished"
    with pytest.raises(Refused, match="needs a reason"):
        desk.steer(steer.back, rollout, "")
    desk.steer(steer.back, rollout, "a wrong price")
    assert desk.desired()[desk.ids[name]].seq == 1
    assert desk.log("rollout.back")[0].detail["kiosks"] == 1


def test_one_that_is_over_is_not_taken_back_below_another_that_runs(desk: RolloutDesk) -> None:
    name = min(desk.ids)
    first = desk.ask(name)
    desk.steer(steer.abort, first)
    second = desk.ask(name)
    with pytest.raises(Refused, match=f"rollout {second} of layanan is under way"):
        desk.steer(steer.back, first, "a wrong price")
    desk.steer(steer.abort, second)
    desk.steer(steer.back, first, "a wrong price")
    assert desk.row(first).state == "rolling_back"


def test_every_step_needs_its_power_and_its_state(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.people["rina"] = desk.person("rina", ("technician", ""))
    for step in (steer.pause, steer.resume, steer.abort):
        with pytest.raises(Lacks):
            desk.steer(step, rollout, who="rina")
    for step in (steer.pause, steer.resume):
        with pytest.raises(Refused, match="is ready"):
            desk.steer(step, rollout)
