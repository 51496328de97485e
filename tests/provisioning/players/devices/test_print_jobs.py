"""What a simulated printer does with its jobs, by a clock that tests move."""

import pytest

from provisioning.players.devices.print_jobs import COMPLETED, PROCESSING, TAKES_S, PrintJobs


@pytest.fixture
def jobs() -> PrintJobs:
    return PrintJobs()


def test_a_job_takes_a_moment_and_one_sheet(jobs: PrintJobs) -> None:
    job = jobs.add(100.0)
    assert jobs.work(100.0, 250, able=True) == 0
    assert jobs.work(100.0 + TAKES_S, 250, able=True) == 1
    assert (job.state, job.sheets, jobs.printed) == (COMPLETED, 1, 1)


def test_without_paper_it_stays_in_work_and_goes_on_with_it(jobs: PrintJobs) -> None:
    job = jobs.add(100.0)
    assert jobs.work(200.0, 0, able=True) == 0
    assert job.state == PROCESSING
    assert jobs.work(200.0 + TAKES_S, 1, able=True) == 1


def test_two_jobs_need_two_sheets(jobs: PrintJobs) -> None:
    jobs.add(100.0)
    jobs.add(100.0)
    assert jobs.work(200.0, 1, able=True) == 1
    assert len(jobs.waiting()) == 1


def test_a_jammed_printer_and_a_paused_queue_print_nothing(jobs: PrintJobs) -> None:
    jobs.add(100.0, queued=True)
    assert jobs.work(200.0, 9, able=False) == 0
    assert jobs.work(300.0, 9, able=True, paused=True) == 0
    jobs.add(300.0)
    assert jobs.work(400.0, 9, able=True, paused=True) == 1


def test_a_stuck_one_ends_only_by_being_cancelled(jobs: PrintJobs) -> None:
    stuck = jobs.add(100.0, stuck=True)
    assert jobs.work(900.0, 9, able=True) == 0
    assert jobs.cancel(stuck.number) == 1
    assert jobs.cancel(stuck.number) == 0
    assert jobs.waiting() == []


def test_jobs_are_found_by_their_number(jobs: PrintJobs) -> None:
    jobs.add(100.0, "a")
    second = jobs.add(50.0, "b")
    assert jobs.find(second.number) is second
    assert [job.name for job in jobs.waiting()] == ["b", "a"]
    assert jobs.find(9) is None
    assert jobs.cancel() == 2
