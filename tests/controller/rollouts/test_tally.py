"""Counting: every kiosk in one place of its phase, and in its group when it can be compared."""

import pytest
from sqlalchemy import Engine, insert

from controller.rollouts import steer, tally
from controller.store.engine import writing
from controller.store.identity_tables import identity
from controller.store.release_tables import desired
from tests.support.rollouts import HOUR, RolloutDesk


@pytest.fixture
def desk(office_engine: Engine) -> RolloutDesk:
    """On each database."""
    return RolloutDesk(office_engine)


def counted(desk: RolloutDesk, rollout: int) -> tally.Counted:
    with desk.engine.connect() as conn:
        return tally.count(conn, desk.row(rollout), desk.now)


def canary_of(desk: RolloutDesk) -> tuple[int, list[int]]:
    rollout = desk.ask()
    desk.tick()
    return rollout, [row.kiosk_id for row in desk.shares(rollout, phase=1)]


def test_each_kiosk_is_counted_once(desk: RolloutDesk) -> None:
    rollout, (one, two, three) = canary_of(desk)
    desk.settle([one])
    desk.settle([two], "rolled_back")
    desk.status([three], presence="offline")
    desk.now += 5 * 60_000
    first, rest, held = counted(desk, rollout).phases
    assert (first.kiosks, first.installed, first.returned, first.away) == (3, 1, 1, 1)
    assert (first.soaking, first.soaked_at) == (1, desk.now + 5 * 60_000)
    assert first.watched == 0.5
    assert (rest.waiting, held.waiting) == (54, 4)


def test_who_is_told_and_leaves_is_gone_and_then_silent(desk: RolloutDesk) -> None:
    rollout, canary = canary_of(desk)
    desk.settle(canary[:1])
    desk.fetching(canary[1:2])
    desk.status(canary[:2], presence="offline")
    first = counted(desk, rollout).phases[0]
    assert (first.gone, first.silent, first.installed, first.working) == (2, 0, 1, 2)
    desk.now += HOUR + 1
    first = counted(desk, rollout).phases[0]
    assert (first.gone, first.silent, first.installed) == (0, 2, 0)


def test_who_leaves_after_it_was_watched_long_enough_is_done(desk: RolloutDesk) -> None:
    rollout, canary = canary_of(desk)
    desk.settle(canary)
    desk.now += 11 * 60_000
    desk.status(canary, presence="offline")
    first = counted(desk, rollout).phases[0]
    assert (first.soaking, first.gone, first.watched) == (0, 0, 1.0)


def test_a_kiosk_that_was_spoken_to_while_it_was_there_was_told(desk: RolloutDesk) -> None:
    rollout, canary = canary_of(desk)
    with writing(desk.engine) as conn:
        conn.execute(desired.update().values(sends=1))
        tally.look(conn, rollout, desk.now)
    assert {row.seen_at for row in desk.shares(rollout, phase=1)} == {desk.now}
    assert {row.seen_at for row in desk.shares(rollout, phase=2)} == {None}
    assert counted(desk, rollout).updated.kiosks == len(canary)


def test_who_was_away_at_first_is_known_once_it_comes(desk: RolloutDesk) -> None:
    ids = list(desk.ids.values())
    desk.status(ids, presence="offline")
    rollout, _ = canary_of(desk)
    assert {row.well_before for row in desk.shares(rollout)} == {None}
    desk.status(ids, presence="online")
    desk.status(ids[:1], apply="no")
    with writing(desk.engine) as conn:
        tally.look(conn, rollout, desk.now)
    assert [row.well_before for row in desk.shares(rollout)].count(True) == 60
    assert counted(desk, rollout).control.bad == 0


def test_its_own_usual_time_is_kept_for_each_kiosk(desk: RolloutDesk) -> None:
    rollout, _ = canary_of(desk)
    assert {row.usual_ms for row in desk.shares(rollout)} == {HOUR}


def shut_out(desk: RolloutDesk, kiosks: list[int], state: str = "revoked") -> None:
    rows = [{"kiosk_id": one, "state": state, "since": desk.now, "why": "lost"} for one in kiosks]
    with writing(desk.engine) as conn:
        conn.execute(insert(identity), rows)
    desk.status(kiosks, presence="offline")


def test_whom_people_have_shut_out_says_nothing_about_a_release(desk: RolloutDesk) -> None:
    rollout, canary = canary_of(desk)
    desk.settle(canary)
    shut_out(desk, canary[:1])
    shut_out(desk, canary[1:2], "decommissioned")
    desk.now += 30 * HOUR
    found = counted(desk, rollout)
    assert (found.phases[0].kiosks, found.phases[0].silent, found.updated.bad) == (1, 0, 0)


def test_a_kiosk_that_was_shut_out_is_not_waited_for_on_the_way_back(desk: RolloutDesk) -> None:
    rollout, canary = canary_of(desk)
    desk.settle(canary)
    desk.steer(steer.back, rollout, "wrong prices")
    shut_out(desk, canary[:1])
    desk.settle(canary[1:])
    desk.born(canary[1:], 1)
    desk.tick(1)
    assert desk.row(rollout).state == "rolled_back"
