"""A job changes its state by the table, once, and those who see and hold it are told apart."""

import pytest

from controller.jobs import states
from controller.jobs.refused import Lacks, Refused
from controller.people.powers import EVERYWHERE, Scope
from controller.scope import Outside
from controller.store.engine import writing
from tests.support.jobs import BANDUNG, ELSEWHERE, JobDesk


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["32.73.0001"], "32.73.0001"),
        (["32.73.0001", "32.73.0002"], "32.73"),
        (["32.73.0001", "32.04.0001"], "32"),
        (["32.73.0001", "31.73.0001"], ""),
        ([], ""),
    ],
)
def test_the_district_of_many_sites_is_what_they_share(codes: list[str], expected: str) -> None:
    assert states.common(codes) == expected


def test_of_two_who_change_a_job_the_second_is_told(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish())
    with writing(desk.engine) as conn:
        found = states.find(conn, job_id)
        assert states.move_job(conn, found, "pause", "", desk.now) == "paused"
        with pytest.raises(Refused, match="meanwhile"):
            states.move_job(conn, found, "finish", "", desk.now)
        with pytest.raises(Refused, match="is paused"):
            states.move_job(conn, states.find(conn, job_id), "begin", "", desk.now)


def test_row_69_a_job_is_seen_where_it_has_a_kiosk_and_held_where_it_has_all(desk: JobDesk) -> None:
    both = desk.names(BANDUNG)[:1] + desk.names(ELSEWHERE)[:1]
    job_id = desk.ask(desk.wish("noop", *both))
    half = desk.person("tono", ("technician", BANDUNG))
    none = desk.person("loket", ("officer", ""))
    with desk.reading() as conn:
        states.must_see(conn, EVERYWHERE, job_id)
        states.must_see(conn, Scope((BANDUNG,)), job_id)
        with pytest.raises(Outside):
            states.must_see(conn, Scope(("99",)), job_id)
        states.must_hold(conn, desk.people["siti"], "command.routine", job_id)
        with pytest.raises(Outside):
            states.must_hold(conn, half, "command.routine", job_id)
        with pytest.raises(Lacks):
            states.must_hold(conn, none, "command.routine", job_id)


def test_what_was_never_sent_is_given_up_once(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("noop", *desk.names()[:3]))
    desk.answer(desk.commands(job_id)[:1], "sent")
    with writing(desk.engine) as conn:
        assert states.give_up(conn, job_id, desk.now)
        assert not states.give_up(conn, job_id, desk.now)
    assert [row.state for row in desk.commands(job_id)] == ["sent", "overdue", "overdue"]
