"""What people see of rollouts, and only of their own kiosks."""

import pytest
from sqlalchemy import Engine

from controller.jobs.refused import Refused
from controller.people.powers import EVERYWHERE, Scope
from controller.rollouts import read, steer
from controller.scope import Outside
from controller.store.tables import kiosk
from controller.words import BadQuestion
from tests.support.rollouts import MINUTE, RolloutDesk


@pytest.fixture
def desk(office_engine: Engine) -> RolloutDesk:
    """On each database."""
    return RolloutDesk(office_engine)


def test_a_rollout_is_shown_with_phases_groups_decisions_and_its_end(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    canary = [row.kiosk_id for row in desk.shares(rollout, phase=1)]
    desk.settle(canary[:2])
    desk.settle(canary[2:], "rolled_back", code="unwell", why="blank")
    desk.tick(1)
    found = desk.shown(rollout)
    assert (found.row.phases, found.row.kiosks, found.row.state) == (3, 61, "held")
    first, second, held = found.phases
    assert (first.counts, first.open) == ({"installed": 2, "rolled_back": 1}, True)
    assert (second.counts, second.open, second.bound) == ({"waiting": 54}, False, "100%")
    assert (held.kiosks, held.held_back) == (4, True)
    compared = found.compared
    assert (compared.updated.kiosks, compared.updated.returned) == (3, 1)
    assert (compared.control.kiosks, compared.control.bad) == (58, 0)
    assert compared.chance == pytest.approx(3 / 61)
    assert [one.what for one in found.decisions] == ["hold", "open"]
    assert found.ends is None


def test_its_end_is_predicted_while_it_runs(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    soak = 10 * MINUTE
    assert desk.shown(rollout).ends == desk.now + 3 * soak
    desk.tick()
    desk.settle([row.kiosk_id for row in desk.shares(rollout, phase=1)])
    desk.tick(5)
    assert desk.shown(rollout).ends == pytest.approx(desk.now - 5 * MINUTE + 3 * soak, abs=MINUTE)
    desk.steer(steer.abort, rollout)
    assert desk.shown(rollout).ends == desk.now


def test_lists_and_counts_hold_what_lies_in_the_scope(desk: RolloutDesk) -> None:
    with desk.engine.connect() as conn:
        here = {row.name: row.site_code for row in conn.execute(kiosk.select())}
    district = here[min(here)]
    mine = {name for name, code in here.items() if code == district}
    scope, nowhere = Scope((district,)), Scope(("99",))
    rollout = desk.ask()
    with desk.engine.connect() as conn:
        (row,) = read.rollouts(conn, scope, read.RolloutQuery(bundle="layanan")).rows
        assert (row.kiosks, row.counts) == (len(mine), {"waiting": len(mine)})
        assert read.rollouts(conn, nowhere, read.RolloutQuery()).total == 0
        assert read.rollouts(conn, EVERYWHERE, read.RolloutQuery(states=("held",))).total == 0
        shares = read.shares(conn, scope, rollout, read.ShareQuery(size=100), desk.now)
        assert {one.kiosk for one in shares.rows} == mine
        with pytest.raises(Outside):
            read.rollout(conn, nowhere, rollout, desk.now)
        with pytest.raises(Outside):
            read.shares(conn, nowhere, rollout, read.ShareQuery(), desk.now)
        with pytest.raises(Refused, match="there is no rollout"):
            read.rollout(conn, scope, 99, desk.now)


def test_named_kiosks_of_others_are_not_told(desk: RolloutDesk) -> None:
    with desk.engine.connect() as conn:
        here = {row.name: row.site_code for row in conn.execute(kiosk.select())}
    mine = here[min(here)]
    names = [min(here), next(name for name, code in here.items() if code != mine)]
    rollout = desk.ask(*names)
    with desk.engine.connect() as conn:
        found = read.rollout(conn, Scope((mine,)), rollout, desk.now)
    assert found.asked["kiosks"] == names[:1]


def test_a_kiosks_share_tells_how_far_it_is(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    first, second, _ = [row.kiosk_id for row in desk.shares(rollout, phase=1)]
    desk.fetching([first], done=40, total=200)
    desk.settle([second], "failed", code="disk", why="the disk is full")
    desk.status([second], apply="no")
    query = read.ShareQuery(phase=1)
    with desk.engine.connect() as conn:
        failed, *others = read.shares(conn, EVERYWHERE, rollout, query, desk.now).rows
        of = read.shares(conn, EVERYWHERE, rollout, read.ShareQuery(search="k-000001"), desk.now)
    fetching = next(one for one in others if one.install)
    assert (failed.state, failed.code, failed.verdict) == ("failed", "disk", "unserved")
    assert (fetching.install, fetching.done, fetching.total) == ("downloading", 40, 200)
    assert (fetching.before_seq, fetching.now_seq, fetching.verdict) == (1, 1, "served")
    assert [one.kiosk for one in of.rows] == ["k-000001"]


def test_a_kiosk_tells_what_it_shall_have_and_has(desk: RolloutDesk) -> None:
    name = min(desk.ids)
    with desk.engine.connect() as conn:
        (before,) = read.of_kiosk(conn, EVERYWHERE, name)
    assert (before.desired, before.reported, before.state) == (0, 1, "")
    rollout = desk.ask(name)
    desk.tick()
    with desk.engine.connect() as conn:
        (wanted,) = read.of_kiosk(conn, EVERYWHERE, name)
        assert (wanted.desired, wanted.rollout_id, wanted.note) == (2, rollout, "Rilis 2")
        assert wanted.due == desk.now
        with pytest.raises(Refused, match="nobody registered"):
            read.of_kiosk(conn, EVERYWHERE, "nobody")
        with pytest.raises(Outside):
            read.of_kiosk(conn, Scope(("99",)), name)


def test_a_word_nobody_knows_is_refused() -> None:
    with pytest.raises(BadQuestion):
        read.RolloutQuery(states=("asleep",))
    with pytest.raises(BadQuestion):
        read.ShareQuery(states=("asleep",))
