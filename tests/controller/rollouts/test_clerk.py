"""A rollout from the first canary to the last kiosk, and every way it may end before."""

from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, update

from controller.rollouts import steer
from controller.rollouts.plan import Phase, Plan
from controller.rollouts.want import NEVER
from controller.store.engine import writing
from controller.store.release_tables import release
from tests.support.rollouts import CANARY, HOUR, RolloutDesk


@pytest.fixture
def desk(office_engine: Engine) -> RolloutDesk:
    """On each database."""
    return RolloutDesk(office_engine)


def of(rows: list[Any]) -> list[int]:
    return [row.kiosk_id for row in rows]


def begun(desk: RolloutDesk, **more: Any) -> tuple[int, list[int]]:
    """A rollout whose canary is open, and the canary's kiosks."""
    rollout = desk.ask(**more)
    desk.tick()
    return rollout, of(desk.shares(rollout, phase=1))


def test_a_canary_of_three_of_61_then_all_then_those_held_back(desk: RolloutDesk) -> None:
    rollout, canary = begun(desk)
    assert (desk.row(rollout).state, len(canary)) == ("running", 3)
    assert {one: row.seq for one, row in desk.desired().items()} == dict.fromkeys(canary, 2)
    desk.settle(canary)
    assert not desk.tick(9) or desk.row(rollout).phase == 1
    desk.tick(2)
    rest = of(desk.shares(rollout, phase=2))
    assert (desk.row(rollout).phase, len(rest)) == (2, 54)
    desk.settle(rest)
    desk.tick(11)
    held = of(desk.shares(rollout, control=True))
    assert (desk.row(rollout).phase, len(held)) == (3, 4)
    desk.settle(held)
    desk.tick(11)
    assert desk.row(rollout).state == "finished"
    assert {row.state for row in desk.shares(rollout)} == {"installed"}
    said = [(row.what, row.phase) for row in desk.decisions(rollout) if row.what != "wait"]
    assert said == [("open", 0), ("open", 1), ("open", 2), ("finish", 3)]
    assert all(earlier.at <= later.at for earlier, later in pairwise(desk.decisions(rollout)))


def test_a_broken_release_is_stopped_in_the_canary_and_taken_back(desk: RolloutDesk) -> None:
    rollout, canary = begun(desk)
    desk.settle(canary, "rolled_back", code="unwell", why="the page is blank")
    desk.tick(0.1)
    found = desk.row(rollout)
    assert found.state == "rolling_back"
    assert "3 of 3 updated kiosks" in found.state_why
    stop = desk.decisions(rollout)[-1]
    assert (stop.what, stop.numbers["updated"]["returned"]) == ("stop", 3)
    assert stop.numbers["tests"]["comparison"]["chance"] < 1e-4
    wanted = desk.desired()
    assert {row.seq for row in wanted.values()} == {1}
    assert {row.attempt for row in wanted.values()} == {2}
    desk.settle(canary)
    desk.tick(0.1)
    assert desk.row(rollout).state == "rolled_back"
    assert {row.state for row in desk.shares(rollout, phase=1)} == {"rolled_back"}


def test_a_page_that_only_citizens_notice_is_stopped_too(desk: RolloutDesk) -> None:
    rollout, canary = begun(desk)
    desk.settle(canary)
    desk.status(canary, inform="no", complain="no", watch="no", apply="no")
    desk.tick(3)
    desk.tick(3)
    assert desk.row(rollout).state == "rolling_back"
    desk.born(canary, 2)
    assert {row.due for row in desk.desired().values()} == {desk.now}
    desk.settle(canary)
    desk.tick(0.1)
    assert desk.row(rollout).state == "rolled_back"
    assert {row.back for row in desk.shares(rollout, phase=1)} == {True}


def test_silence_beyond_its_usual_time_is_failure(desk: RolloutDesk) -> None:
    rollout, canary = begun(desk)
    assert {row.usual_ms for row in desk.shares(rollout)} == {HOUR}
    desk.fetching(canary)
    desk.status(canary, presence="offline")
    desk.tick(30)
    assert desk.row(rollout).state == "running"
    desk.tick(31)
    assert desk.row(rollout).state == "rolling_back"
    assert desk.decisions(rollout)[-1].numbers["updated"]["silent"] == 3


def test_a_deaf_office_blames_nobody(desk: RolloutDesk) -> None:
    rollout, canary = begun(desk)
    desk.settle(canary)
    desk.status(desk.ids.values(), presence="unknown")
    desk.tick(300)
    assert desk.row(rollout).state == "running"
    assert desk.shown(rollout).compared.updated.bad == 0


def test_what_befalls_everybody_is_not_the_releases_fault(desk: RolloutDesk) -> None:
    rollout, canary = begun(desk)
    desk.settle(canary)
    desk.status(desk.ids.values(), apply="no")
    desk.tick(11)
    opened = desk.decisions(rollout)[-1]
    assert (opened.what, opened.numbers["updated"]["bad"]) == ("open", 3)
    assert opened.numbers["control"]["bad"] == 58
    assert (desk.row(rollout).state, desk.row(rollout).phase) == ("running", 2)


def test_who_did_not_serve_before_proves_nothing(desk: RolloutDesk) -> None:
    names = sorted(desk.ids)
    broken = [desk.ids[one] for one in names[:3]]
    desk.status(broken, apply="no")
    plan = CANARY._replace(phases=(Phase(asked=desk.request(*names[:3]).asked), Phase("100%")))
    rollout, canary = begun(desk, plan=plan)
    assert sorted(canary) == sorted(broken)
    desk.settle(canary)
    desk.tick(11)
    assert desk.row(rollout).state == "held"
    assert "nothing can be compared" in desk.row(rollout).state_why
    desk.steer(steer.resume, rollout)
    desk.tick(0.1)
    assert desk.row(rollout).phase == 2


def test_one_of_three_that_went_back_is_for_people_and_a_second_stops_it(desk: RolloutDesk) -> None:
    rollout, canary = begun(desk)
    desk.settle(canary[:1], "rolled_back")
    desk.tick(0.1)
    assert desk.row(rollout).state == "held"
    desk.settle(canary[1:2], "rolled_back")
    desk.tick(0.1)
    assert desk.row(rollout).state == "rolling_back"


def test_what_a_phase_waits_for_is_told_in_one_row(desk: RolloutDesk) -> None:
    rollout, canary = begun(desk)
    for minutes in (1, 1, 1):
        desk.tick(minutes)
    desk.settle(canary[:1])
    desk.tick(1)
    rows = desk.decisions(rollout)
    assert [row.what for row in rows] == ["open", "wait"]
    assert rows[-1].numbers["phases"][0]["working"] == 2


def test_it_begins_at_its_moment_and_only_while_it_is_offered(desk: RolloutDesk) -> None:
    later, never = desk.now + HOUR, min(desk.ids)
    rollout = desk.ask(never, not_before=later)
    desk.tick()
    assert (desk.row(rollout).state, desk.desired()) == ("ready", {})
    with writing(desk.engine) as conn:
        conn.execute(update(release).values(state="withdrawn"))
    desk.tick(61)
    assert desk.row(rollout).state == "aborted"


def test_a_release_that_is_withdrawn_meanwhile_holds_it(desk: RolloutDesk) -> None:
    rollout, _ = begun(desk)
    with writing(desk.engine) as conn:
        conn.execute(update(release).values(state="withdrawn"))
    desk.tick(0.1)
    assert desk.row(rollout).state == "held"


def test_nobody_agrees_for_a_week(desk: RolloutDesk) -> None:
    rollout = desk.ask(approvals=1)
    desk.tick(6 * 24 * 60)
    assert desk.row(rollout).state == "waiting"
    desk.tick(24 * 60)
    assert desk.row(rollout).state == "refused"


def test_kiosks_that_had_nothing_before_are_left_alone(desk: RolloutDesk) -> None:
    desk.born(desk.ids.values(), 0)
    rollout, canary = begun(desk)
    desk.fetching(canary[:1])
    desk.steer(steer.back, rollout, "a wrong price")
    wanted = desk.desired()
    assert {one: (row.seq, row.not_before) for one, row in wanted.items()} == {
        canary[0]: (2, NEVER)
    }
    desk.tick(0.1)
    assert desk.row(rollout).state == "rolled_back"


def test_nobody_is_taken_back_below_what_the_release_allows(desk: RolloutDesk) -> None:
    desk.publish(3, min_seq=3)
    rollout, canary = begun(desk, seq=3)
    desk.settle(canary)
    desk.steer(steer.back, rollout, "a wrong price")
    assert {row.seq for row in desk.desired().values()} == {3}
    assert not any(row.back for row in desk.shares(rollout))


def test_kiosks_that_are_away_do_not_end_going_back_before_patience_does(
    desk: RolloutDesk,
) -> None:
    rollout, canary = begun(desk)
    desk.settle(canary)
    desk.status(canary[:1], presence="offline")
    desk.steer(steer.back, rollout, "a wrong price")
    desk.settle(canary[1:])
    desk.tick(1)
    assert desk.row(rollout).state == "rolling_back"
    desk.tick(24 * 60)
    assert desk.row(rollout).state == "rolled_back"
    assert "1 kiosks have not gone back" in desk.row(rollout).state_why


def test_windows_and_the_earliest_moment_reach_the_kiosk(desk: RolloutDesk) -> None:
    plan = CANARY._replace(windows=((1320, 300),))
    _, canary = begun(desk, plan=plan)
    row = desk.desired()[canary[0]]
    assert (row.windows, row.not_before, row.due, row.sends) == (
        [[1320, 300]],
        desk.now,
        desk.now,
        0,
    )


@pytest.mark.parametrize("phases", [("100%",), ("1", "5%", "50%", "100%")])
def test_every_plan_ends_with_all_kiosks_updated(
    desk: RolloutDesk, phases: tuple[str, ...]
) -> None:
    plan = Plan(phases=tuple(Phase(one) for one in phases), soak_min=1)
    rollout = desk.ask(plan=plan)
    if desk.row(rollout).state == "waiting":
        desk.agree(rollout, "budi")
    for _ in range(40):
        desk.tick(1.1)
        desk.settle(of(desk.shares(rollout, state="wanted")))
    assert desk.row(rollout).state == "finished"
    assert {row.seq for row in desk.desired().values()} == {2}
    assert {row.state for row in desk.shares(rollout)} == {"installed"}


def test_a_second_controller_that_ticks_at_once_does_no_harm(desk: RolloutDesk) -> None:
    rollout, canary = begun(desk)
    desk.settle(canary)
    desk.tick(11)
    before = desk.desired()
    desk.tick()
    assert {one: row.number for one, row in desk.desired().items()} == {
        one: row.number for one, row in before.items()
    }
    assert desk.row(rollout).phase == 2
