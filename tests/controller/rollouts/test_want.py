"""What kiosks shall have: numbers and attempts only grow, whatever the clock says."""

import pytest
from sqlalchemy import Engine

from controller.rollouts import want
from controller.rollouts.want import NEVER, Terms
from controller.store.engine import writing
from controller.store.release_tables import desired
from tests.support.rollouts import BUNDLE, RolloutDesk


@pytest.fixture
def desk(office_engine: Engine) -> RolloutDesk:
    """On each database."""
    return RolloutDesk(office_engine)


def test_numbers_and_attempts_grow_and_it_is_due_at_once(desk: RolloutDesk) -> None:
    one, two = sorted(desk.ids.values())[:2]
    for seq, back in ((2, 0), (1, 60_000), (2, 120_000)):
        with writing(desk.engine) as conn:
            want.want(conn, BUNDLE, {one: seq}, desk.now - back, terms=Terms(5, [(1, 2)]))
    row = desk.desired()[one]
    assert (row.seq, row.attempt, row.number, row.sends) == (2, 3, desk.now + 2, 0)
    assert (row.due, row.not_before, row.windows) == (desk.now - 120_000, 5, [[1, 2]])
    with writing(desk.engine) as conn:
        want.want(conn, BUNDLE, {one: 2, two: 2}, desk.now + 9, rollout_id=None)
        want.want(conn, "video", {two: 1}, desk.now)
        want.forget(conn, BUNDLE, [one])
        want.want(conn, BUNDLE, {}, desk.now)
    with desk.engine.connect() as conn:
        from_two = conn.execute(desired.select()).all()
    assert {(row.kiosk_id, row.bundle, row.attempt) for row in from_two} == {
        (two, BUNDLE, 1),
        (two, "video", 1),
    }
    assert desk.now < NEVER
