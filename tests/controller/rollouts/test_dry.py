"""What a rollout would mean: bytes from what each kiosk has, time by its own line, cost."""

from types import SimpleNamespace

import pytest
from sqlalchemy import update

from controller.rollouts.dry import METADATA, bytes_for
from controller.store.engine import writing
from controller.store.release_tables import desired, reported
from tests.support.rollouts import CANARY, RolloutDesk

SENT, WHOLE = 200_000 + 7_000 + METADATA, 9_000_000 + 7_000 + METADATA


def test_kiosks_bytes_seconds_and_cost_are_told_before_anybody_says_go(desk: RolloutDesk) -> None:
    told = desk.dry()
    assert (told.kiosks, told.online, told.held_back, told.phases) == (61, 61, 4, (3, 54, 4))
    assert (told.by_since, told.bytes) == ({1: 61}, 61 * SENT)
    assert told.slowest_s == pytest.approx(SENT / 125_000, abs=0.1)
    assert told.cost == pytest.approx(61 * SENT / 1e6 * 100, rel=0.01)
    assert (told.problems, told.warnings, told.approvals) == ((), (), 0)
    assert len(told.costliest) == 20
    assert told.ends - told.begins >= 3 * CANARY.soak_min * 60_000
    with desk.engine.connect() as conn:
        assert conn.execute(desired.select()).all() == []


def test_a_kiosk_that_told_its_rate_is_reckoned_by_it(desk: RolloutDesk) -> None:
    slow = desk.ids[min(desk.ids)]
    with writing(desk.engine) as conn:
        facts = {"line": 60_000, "seconds": 60.0}
        conn.execute(update(reported).where(reported.c.kiosk_id == slow).values(facts=facts))
    first = desk.dry().costliest[0]
    assert (first.kiosk, first.measured, first.seconds) == (min(desk.ids), True, SENT / 1000)


@pytest.mark.parametrize("facts", [{}, {"line": "x", "seconds": 1}, {"line": 1, "seconds": 0}])
def test_a_rate_that_is_none_is_not_believed(desk: RolloutDesk, facts: dict[str, object]) -> None:
    with writing(desk.engine) as conn:
        conn.execute(update(reported).values(facts=facts))
    assert not any(one.measured for one in desk.dry().costliest)


def test_what_forbids_it_and_what_only_warns(desk: RolloutDesk) -> None:
    desk.publish(3, min_seq=3)
    desk.status(desk.ids.values(), presence="offline")
    told = desk.dry(seq=3, why="", plan=CANARY._replace(held_percent=0))
    assert [one.code for one in told.problems] == ["why"]
    assert len(told.warnings) == 3
    assert "61 kiosks cannot go back" in told.warnings[0]
    assert told.online == 0


@pytest.mark.parametrize(
    ("since", "bytes_"), [(1, SENT), (0, WHOLE), (5, WHOLE), (2, METADATA)]
)  # fmt: skip
def test_bytes_depend_on_what_a_kiosk_has(since: int, bytes_: int) -> None:
    packs = [{"since": 0, "size": 9_000_000}, {"since": 1, "size": 200_000}]
    release = SimpleNamespace(seq=2, about={"packs": packs}, index_sent=7_000)
    assert bytes_for(release, since) == bytes_
