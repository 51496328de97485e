"""Kiosks are told what to do from the command line, by somebody who may, under the policy."""

import json

import pytest
from sqlalchemy import Engine

from controller import changes
from controller.jobs import lists
from controller.jobs.asked import Asked
from controller.store.engine import writing
from provisioning import act
from tests.support.jobs import BANDUNG, JobDesk
from wire.envelope import Order, parse


class Line:
    """Somebody at the office's own machine."""

    def __init__(self, engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
        self.desk = JobDesk(engine, 8, sites=8)
        self.url = engine.url.render_as_string(hide_password=False)
        self._capsys = capsys

    def type(self, *words: str, who: str = "siti", **how: object) -> tuple[int, str]:
        argv = [*words, "--database", self.url, "--as", who]
        code = act.main(argv, **how)  # type: ignore[arg-type]
        told = self._capsys.readouterr()
        return code, told.out + told.err


@pytest.fixture
def line(office_engine: Engine, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(office_engine, capsys)


def test_a_command_is_asked_in_a_persons_name_and_written_down(line: Line) -> None:
    name = line.desk.names()[0]
    code, said = line.type("set_volume", name, "--arg", "percent=40", "--why", "too loud")
    assert (code, "asked: job 1" in said) == (0, True)
    made = line.desk.job(1)
    assert (made.kind, made.args, made.asked_by) == ("set_volume", {"percent": 40}, "siti")
    assert parse(made.order_text, Order).count == 1
    (row,) = line.desk.log("command.ask")
    assert row.who == "siti"
    assert row.address.startswith("console of ")


def test_a_dry_run_says_what_it_means_and_asks_nothing(line: Line) -> None:
    code, said = line.type("reboot", "--filter", "all=yes", "--waves", "2,50%", "--dry-run")
    assert code == 0
    assert "reboot on 8 kiosks (8 online" in said
    assert "waves of 2, 2, 4" in said
    assert line.desk.jobs() == 0


def test_what_needs_agreement_says_who_must_act_next(line: Line) -> None:
    code, said = line.type("clear_queue", line.desk.names()[0], "--why", "stuck")
    assert code == 0
    assert "1 person must agree" in said
    assert "anjungan agree 1" in said


def test_a_saved_list_is_found_by_its_name(line: Line) -> None:
    with writing(line.desk.engine) as conn:
        asked = Asked(kiosks=tuple(line.desk.names()[:3]))
        lists.save(conn, line.desk.people["siti"], "mall", asked, line.desk.now)
    assert line.type("noop", "--saved", "mall")[0] == 0
    assert line.desk.job(1).count == 3
    code, said = line.type("noop", "--saved", "nothing")
    assert (code, "no saved list" in said) == (2, True)


def test_row_69_who_may_not_does_not_from_here_either(line: Line) -> None:
    line.desk.person("rudi", ("technician", BANDUNG))
    name = line.desk.names()[0]
    for words in (("wipe", name, "--arg", f"kiosk={name}", "--why", "x"), ("clear_queue", name)):
        code, said = line.type(*words, who="rudi")
        assert (code, said.startswith("act: ")) == (2, True)
    code, said = line.type("noop", name, who="nobody")
    assert (code, "does not exist" in said) == (2, True)
    assert line.desk.jobs() == 0


@pytest.mark.parametrize(
    "words",
    [
        ("format_disk",),
        ("noop",),
        ("noop", "nobody-1"),
        ("noop", "--filter", "colour=red"),
        ("noop", "--filter", "all=yes", "--valid", "soon"),
        ("noop", "--filter", "all=yes", "--stop", "many"),
        ("noop", "--filter", "all=yes", "--window", "never", "5", "Asia/Jakarta"),
        ("noop", "--filter", "all=yes", "--arg", "force=yes"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_not_asked(line: Line, words: tuple[str, ...]) -> None:
    code, said = line.type(*words)
    assert code == 2
    assert "Traceback" not in said
    assert line.desk.jobs() == 0


def test_waiting_ends_with_the_answers_and_the_exit_code_says_how(line: Line) -> None:
    def well(_: float) -> None:
        answer(line, 1, "succeeded")

    def badly(_: float) -> None:
        answer(line, 2, "failed")

    name = line.desk.names()[0]
    code, said = line.type("noop", name, "--wait", wait=well)
    assert (code, f"{name}  succeeded" in said) == (0, True)
    code, said = line.type("noop", name, "--wait", wait=badly)
    assert (code, f"{name}  failed" in said) == (1, True)


def answer(line: Line, job_id: int, state: str) -> None:
    desk = line.desk
    desk.now = max(desk.now, desk.job(job_id).asked_at + 1)
    desk.answer(desk.commands(job_id), state)
    desk.tick(1)
    with writing(desk.engine) as conn:
        changes.record(conn, "job", None, str(job_id), desk.now)


def test_who_leaves_is_told_that_the_job_goes_on(line: Line) -> None:
    def leave(_: float) -> None:
        raise KeyboardInterrupt

    code, said = line.type("noop", line.desk.names()[0], "--wait", wait=leave)
    assert code == 130
    assert "job 1 goes on without you" in said
    assert line.desk.job(1).state == "running"


def test_the_same_token_is_the_same_job(line: Line) -> None:
    name, token = line.desk.names()[0], "ab" * 16
    for _ in range(2):
        assert "asked: job 1" in line.type("noop", name, "--token", token)[1]
    assert json.loads(line.desk.job(1).order_text)["order"] == token
