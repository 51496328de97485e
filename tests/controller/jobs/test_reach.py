"""Who sees a job, who holds it, and in whose district the log puts it."""

import pytest

from controller.jobs.reach import common
from controller.jobs.refused import Lacks
from controller.jobs.states import reach
from controller.people.powers import EVERYWHERE, Scope
from controller.scope import Outside
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
    assert common(codes) == expected


def test_row_69_a_job_is_seen_where_it_has_a_kiosk_and_held_where_it_has_all(desk: JobDesk) -> None:
    both = desk.names(BANDUNG)[:1] + desk.names(ELSEWHERE)[:1]
    job_id = desk.ask(desk.wish("noop", *both))
    half = desk.person("tono", ("technician", BANDUNG))
    none = desk.person("loket", ("officer", ""))
    job = reach(job_id)
    with desk.reading() as conn:
        job.must_see(conn, EVERYWHERE)
        job.must_see(conn, Scope((BANDUNG,)))
        with pytest.raises(Outside):
            job.must_see(conn, Scope(("99",)))
        job.must_hold(conn, desk.people["siti"], "command.routine")
        with pytest.raises(Outside):
            job.must_hold(conn, half, "command.routine")
        with pytest.raises(Lacks):
            job.must_hold(conn, none, "command.routine")
