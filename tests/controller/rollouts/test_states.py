"""States change by the table, for whoever is first, and are told."""

import pytest

from controller.jobs.refused import Refused
from controller.jobs.rows import MOST_WHY
from controller.rollouts import states
from controller.rollouts.gate import Decision
from controller.store.engine import writing
from tests.support.rollouts import RolloutDesk


def test_only_what_the_table_knows_and_only_once(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    old = desk.row(rollout)
    with writing(desk.engine) as conn:
        assert states.move_rollout(conn, old, "begin", "x" * 400, desk.now, phase=1) == "running"
        with pytest.raises(Refused, match="changed meanwhile"):
            states.move_rollout(conn, old, "begin", "", desk.now)
        with pytest.raises(Refused, match="is ready"):
            states.move_rollout(conn, old, "resume", "", desk.now)
    assert len(desk.row(rollout).state_why) == MOST_WHY


def test_a_decision_is_news_unless_it_is_the_same_wait(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    found = desk.row(rollout)
    wait, other = Decision("wait", "2 are away", 0), Decision("wait", "1 is away", 0)
    with writing(desk.engine) as conn:
        assert states.note(conn, found, wait, {}, desk.now)
        assert not states.note(conn, found, wait, {}, desk.now + 1)
        assert states.note(conn, found, other, {}, desk.now + 2)
        assert states.note(conn, found, Decision("hold", "1 is away", 0), {}, desk.now + 3)
        assert states.note(conn, found, wait, {}, desk.now + 4)
    assert [(row.what, row.why) for row in desk.decisions(rollout)] == [
        ("wait", "1 is away"),
        ("hold", "1 is away"),
        ("wait", "2 are away"),
    ]


def test_every_step_is_told_to_those_who_watch(desk: RolloutDesk) -> None:
    rollout = desk.ask()
    desk.tick()
    assert desk.news("rollout").count(str(rollout)) >= 2
