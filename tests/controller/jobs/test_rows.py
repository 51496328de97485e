"""A row is found or said to be missing; it moves by its table (see also test_states.py)."""

import pytest

from controller.jobs.refused import Refused
from controller.jobs.rows import MOST_WHY, Rows
from controller.store.command_tables import job
from controller.store.engine import writing
from tests.support.jobs import JobDesk
from wire.lifecycle import JOB


def test_what_is_not_there_is_called_by_its_name(desk: JobDesk) -> None:
    with writing(desk.engine) as conn, pytest.raises(Refused, match="there is no job 99"):
        Rows(job, JOB).find(conn, 99, locked=True)


def test_a_long_reason_is_cut_and_what_the_table_forbids_changes_nothing(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish())
    rows = Rows(job, JOB)
    with writing(desk.engine) as conn:
        found = rows.find(conn, job_id, locked=True)
        assert rows.move(conn, found, "pause", "x" * 400, desk.now) == "paused"
        found = rows.find(conn, job_id, locked=False)
        assert found.state_why == "x" * MOST_WHY
        with pytest.raises(Refused, match=f"job {job_id} is paused"):
            rows.move(conn, found, "begin", "", desk.now)
        assert rows.find(conn, job_id, locked=False) == found
