"""Jobs are listed, shown whole, and steered in somebody's name."""

import pytest
from sqlalchemy import Engine

from provisioning import jobs
from tests.support.jobs import BANDUNG, JobDesk


class Line:
    def __init__(self, engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
        self.desk = JobDesk(engine, 4)
        self.url = engine.url.render_as_string(hide_password=False)
        self._capsys = capsys

    def type(self, *words: str) -> tuple[int, str]:
        code = jobs.main([*words, "--database", self.url])
        told = self._capsys.readouterr()
        return code, told.out + told.err


@pytest.fixture
def line(office_engine: Engine, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(office_engine, capsys)


def test_all_jobs_and_one_of_them_whole(line: Line) -> None:
    names = line.desk.names()[:2]
    job_id = line.desk.ask(line.desk.wish("noop", *names))
    first, second = line.desk.commands(job_id)
    line.desk.answer([first], "succeeded")
    line.desk.answer([second], "failed", code="device", why="no paper")
    code, said = line.type()
    assert (code, "siti  job 1 noop for 2 kiosks: running" in said) == (0, True)
    code, said = line.type(str(job_id))
    assert code == 0
    assert f"{second.name}  failed  device no paper" in said
    assert f"{first.name}  succeeded" in said


def test_a_job_is_paused_resumed_cancelled_and_written_down(line: Line) -> None:
    job_id = str(line.desk.ask(line.desk.wish("noop", *line.desk.names())))
    for word, state in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        code, said = line.type(job_id, word, "--as", "budi")
        assert (code, f"job {job_id}" in said) == (0, True)
        assert line.desk.job(int(job_id)).state == state
    assert [row.who for row in line.desk.log("job.")] == ["budi", "budi", "budi"]


def test_those_that_failed_are_asked_again(line: Line) -> None:
    job_id = line.desk.ask(line.desk.wish("noop", *line.desk.names()[:2]))
    first, second = line.desk.commands(job_id)
    line.desk.answer([first], "succeeded")
    line.desk.answer([second], "failed")
    line.desk.tick(1)
    code, said = line.type(str(job_id), "retry", "--as", "siti")
    assert (code, "job 2" in said) == (0, True)
    assert [one.name for one in line.desk.commands(2)] == [second.name]


def test_row_69_nobody_steers_without_a_name_or_the_power(line: Line) -> None:
    line.desk.person("rudi", ("officer", BANDUNG))
    job_id = str(line.desk.ask(line.desk.wish("noop", *line.desk.names())))
    for more in ((), ("--as", "nobody"), ("--as", "rudi")):
        code, said = line.type(job_id, "cancel", *more)
        assert (code, said.startswith("jobs: ")) == (2, True)
    assert line.desk.job(int(job_id)).state == "running"


def test_what_is_not_there_is_said(line: Line) -> None:
    assert line.type("99") == (2, "jobs: there is no job 99\n")
