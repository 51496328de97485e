"""Row 24 of the attack table: a bad release meant for the whole fleet.

Whoever holds k of n keys can sign anything, and everybody makes mistakes: the canary is what is
left. It is at most a twentieth of the fleet, whatever the release does to a kiosk.
"""

from collections.abc import Callable, Iterable

import pytest
from sqlalchemy import Engine

from controller.rollouts.plan import Phase, Plan
from tests.support.rollouts import RolloutDesk

FIVE_PERCENT = Plan(phases=(Phase("5%"), Phase("100%")), soak_min=10)
DENIED = dict.fromkeys(("inform", "apply", "complain", "watch"), "no")


@pytest.fixture
def desk(lone_engine: Engine) -> RolloutDesk:
    return RolloutDesk(lone_engine, kiosks=200)


def _returns(desk: RolloutDesk, kiosks: Iterable[int]) -> None:
    desk.settle(kiosks, "rolled_back", code="unwell", why="the page is blank")


def _is_not_noticed(desk: RolloutDesk, kiosks: Iterable[int]) -> None:
    told = list(kiosks)
    desk.settle(told)
    desk.status(told, **DENIED)


def _goes_dark(desk: RolloutDesk, kiosks: Iterable[int]) -> None:
    told = list(kiosks)
    desk.settle(told)
    desk.status(told, presence="offline")


@pytest.mark.parametrize("harm", [_returns, _is_not_noticed, _goes_dark])
@pytest.mark.parametrize("harmed", [1.0, 0.5])
def test_row_24_a_bad_release_reaches_a_twentieth_and_is_taken_back_by_itself(
    desk: RolloutDesk, harm: Callable[..., None], harmed: float
) -> None:
    rollout = desk.ask(plan=FIVE_PERCENT)
    desk.tick()
    canary = [row.kiosk_id for row in desk.shares(rollout, phase=1)]
    some = canary[: round(len(canary) * harmed)]
    harm(desk, some)
    desk.settle(canary[len(some) :])
    waited = 0
    while desk.row(rollout).state in ("running", "held") and waited < 90:
        desk.tick(3)
        waited += 3
    told = {one for one, row in desk.desired().items() if row.seq == 2 or row.attempt > 1}
    assert len(told) <= 200 * 5 // 100
    assert desk.row(rollout).state in ("rolling_back", "rolled_back")
    assert {row.seq for row in desk.desired().values()} == {1}
    assert {row.state for row in desk.shares(rollout, phase=2)} == {"waiting"}
