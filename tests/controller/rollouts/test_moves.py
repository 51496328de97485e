"""What later words of others desire is not undone, and a phase opens once for each kiosk."""

from controller.rollouts import moves, want
from controller.store.engine import writing
from tests.support.rollouts import BUNDLE, RolloutDesk


def test_a_phase_opens_once_and_remembers_what_each_kiosk_had(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    with writing(desk.engine) as conn:
        assert moves.open_phase(conn, desk.row(rollout), 1, desk.now) == 0
        assert moves.open_phase(conn, desk.row(rollout), 9, desk.now) == 0
    assert {row.before_seq for row in desk.shares(rollout, phase=1)} == {1}


def test_what_came_later_is_not_undone(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    canary = [row.kiosk_id for row in desk.shares(rollout, phase=1)]
    desk.settle(canary)
    desk.publish(3)
    with writing(desk.engine) as conn:
        want.want(conn, BUNDLE, {canary[0]: 3}, desk.now)
        assert moves.take_back(conn, desk.row(rollout), desk.now) == 2
        assert moves.take_back(conn, desk.row(rollout), desk.now) == 0
    assert sorted(row.seq for row in desk.desired().values()) == [1, 1, 3]


def test_whoever_has_not_gone_back_is_outstanding(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    canary = [row.kiosk_id for row in desk.shares(rollout, phase=1)]
    desk.settle(canary)
    with writing(desk.engine) as conn:
        moves.take_back(conn, desk.row(rollout), desk.now)
    desk.settle(canary[:1])
    with desk.engine.connect() as conn:
        left = set(conn.scalars(moves.outstanding(desk.row(rollout))))
    assert left == set(canary[1:])
