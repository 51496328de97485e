"""A rollout by the line: dry before it is asked for, agreed to by another, steered by people."""

import pytest
from sqlalchemy import Engine

from controller.jobs.asked import Asked
from controller.rollouts.plan import Phase
from provisioning.release import rollout
from provisioning.terminal import now
from tests.support.rollouts import RolloutDesk


class Line:
    """Somebody at the office's own machine. 12 kiosks, release 2 of layanan is published."""

    def __init__(self, engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
        self.desk = RolloutDesk(engine, kiosks=12, sites=3)
        self.desk.now = now()
        self._capsys = capsys
        self._database = engine.url.render_as_string(hide_password=False)

    def type(self, what: str, *words: str, who: str = "siti") -> tuple[int, str]:
        by = () if what in rollout.SHOWN else ("--as", who)
        code = rollout.main([what, *words, "--database", self._database, *by])
        told = self._capsys.readouterr()
        return code, told.out + told.err

    def ask(self, *words: str, who: str = "siti") -> tuple[int, str]:
        given = ("layanan-2", "--filter", "all=yes", "--why", "jadwal baru")
        return self.type("ask", *given, *words, who=who)


@pytest.fixture
def line(engine: Engine, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(engine, capsys)


def test_a_dry_run_says_bytes_time_and_cost_and_asks_nothing(line: Line) -> None:
    more = ("--phases", "3,100%", "--price", "100", "--line-kbit", "1000", "--held", "10")
    code, said = line.type("dry-run", "layanan-2", "--filter", "all=yes", "--why", "x", *more)
    assert code == 0, said
    assert "layanan-2 on 12 kiosks, 12 of them online; 12 have 1" in said
    assert "the last 2 are held back to compare with" in said
    assert "costs " in said
    assert "the slowest line needs 2 s" in said
    assert line.type("list")[1] == ""


def test_it_is_asked_for_in_a_persons_name_and_shown(line: Line) -> None:
    code, said = line.ask("--phases", "3", "--soak", "10m")
    assert code == 0
    assert said.endswith("asked: rollout 1\n")
    assert line.desk.shown(1).row.asked_by == "siti"
    assert line.type("list", "--bundle", "layanan")[1].startswith("rollout 1  layanan-2  ready")
    shown = line.type("show", "1")[1]
    assert "asked by siti" in shown
    assert "phase 1 (3): 3 waiting" in shown
    assert "held back" in shown


def test_another_person_agrees_or_refuses(line: Line) -> None:
    assert "anjungan rollout agree 1 --as LOGIN" in line.ask("--approvals", "1")[1]
    assert line.type("agree", "1")[0] == 2, "the asker never counts"
    assert "1 of 1 agreed; rollout 1 is ready" in line.type("agree", "1", who="budi")[1]
    assert line.type("abort", "1")[0] == 0
    line.ask("--approvals", "1")
    said = line.type("refuse", "2", "--why", "bukan hari ini", who="budi")[1]
    assert "rollout 2 is refused" in said


def test_it_is_paused_resumed_taken_back_and_ended(line: Line) -> None:
    line.ask()
    line.desk.tick(1)
    assert "no phase opens" in line.type("pause", "1")[1]
    assert "goes on" in line.type("resume", "1")[1]
    assert "goes back to what it had" in line.type("back", "1", "--why", "rusak")[1]
    assert "rollout 1  layanan-2  roll" in line.type("list")[1]
    assert line.type("pause", "9")[0] == 2


def test_what_failed_is_tried_again(line: Line) -> None:
    line.ask("--phases", "3")
    line.desk.tick(1)
    assert line.type("abort", "1")[0] == 0
    code, said = line.type("retry", "1")
    assert (code, said.count("\n")) == (2, 1), "nobody has failed"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("layanan",), "no release"),
        (("layanan-9", "--filter", "all=yes"), "release"),
        (("layanan-2", "nosuch"), "nosuch"),
        (("layanan-2", "--saved", "nosuch"), "no saved list"),
        (("layanan-2", "--filter", "all=yes", "--phases", "x"), "a phase is a number"),
        (("layanan-2", "--filter", "all=yes", "--window", "25:00-26:00"), "24 hours"),
        (("layanan-2", "--filter", "all=yes", "--window", "night"), "write 18:30-06:00"),
        (("layanan-2", "--filter", "all=yes", "--soak", "long"), "no time"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    line: Line, words: tuple[str, ...], why: str
) -> None:
    code, said = line.type("ask", *words, "--why", "x")
    assert code == 2
    assert why in said
    assert line.type("list")[1] == ""


def test_the_plan_is_what_was_typed() -> None:
    argv = ["ask", "layanan-2", "--as", "siti", "--canary", "bdg-1", "--window", "18:30-06:00"]
    made = rollout.plan_of(rollout._parser().parse_args(argv))
    assert made.phases[0] == Phase(asked=Asked(("bdg-1",)))
    assert [one.bound for one in made.phases[1:]] == ["10%", "100%"]
    assert made.windows == ((18 * 60 + 30, 6 * 60),)
