"""A job changes its state once, and commands that were never sent end with it."""

import pytest

from controller.jobs import states
from controller.jobs.refused import Refused
from controller.store.engine import writing
from tests.support.jobs import JobDesk


def test_of_two_who_change_a_job_the_second_is_told(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish())
    with writing(desk.engine) as conn:
        found = states.find(conn, job_id)
        assert states.move_job(conn, found, "pause", "", desk.now) == "paused"
        with pytest.raises(Refused, match="meanwhile"):
            states.move_job(conn, found, "finish", "", desk.now)
        with pytest.raises(Refused, match="is paused"):
            states.move_job(conn, states.find(conn, job_id), "begin", "", desk.now)


def test_what_was_never_sent_is_given_up_once(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("noop", *desk.names()[:3]))
    desk.answer(desk.commands(job_id)[:1], "sent")
    with writing(desk.engine) as conn:
        assert states.give_up(conn, job_id, desk.now)
        assert not states.give_up(conn, job_id, desk.now)
    assert [row.state for row in desk.commands(job_id)] == ["sent", "overdue", "overdue"]
