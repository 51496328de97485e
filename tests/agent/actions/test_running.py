"""Every end of an action has a name."""

from types import ModuleType

import pytest

from agent.actions import running, table
from agent.actions.asked import Outcome
from agent.actions.base import Context, Failed, done
from agent.actions.stop import Cancelled, Orphaned, TimeUp
from tests.agent.actions.conftest import Bench

ENDS = [
    (Failed("paper", "no paper", {"job": 3}), ("failed", "paper")),
    (Cancelled(), ("cancelled", "cancelled")),
    (TimeUp("over"), ("failed", "timeout")),
    (OSError(5, "I/O error"), ("failed", "broken")),
    (KeyError("x"), ("failed", "broken")),
    (RecursionError(), ("failed", "broken")),
]


def play(monkeypatch: pytest.MonkeyPatch, ending: BaseException | None) -> None:
    module = ModuleType("played")

    def do(_: Context) -> Outcome:
        if ending:
            raise ending
        return done({"well": True})

    module.do = do  # type: ignore[attr-defined]
    monkeypatch.setattr(table, "load", lambda _: module)


@pytest.mark.parametrize(("ending", "expected"), ENDS)
def test_whatever_it_raises_is_an_outcome(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, ending: Exception, expected: tuple[str, str]
) -> None:
    play(monkeypatch, ending)
    ended = running.run(bench.context("reload_page"))
    assert (ended.state, ended.code) == expected


def test_facts_of_a_failure_are_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, Failed("paper", "no paper", {"job": 3}))
    assert running.run(bench.context("reload_page")).facts == {"job": 3}


def test_without_an_agent_there_is_no_outcome(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(monkeypatch, Orphaned("gone"))
    with pytest.raises(Orphaned):
        running.run(bench.context("reload_page"))


def test_what_is_cancelled_before_it_begins_is_not_begun(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(monkeypatch, AssertionError())
    context = bench.context("reload_page")
    context.stop.ask()
    assert running.run(context).state == "cancelled"


def test_what_is_repeatable_recovers_by_being_done_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(monkeypatch, None)
    assert bench.run("reload_page", mode="recover").state == "succeeded"
    assert bench.run("reload_page", mode="undo").code == "unsupported"


def test_what_is_switched_off_is_not_done(bench: Bench) -> None:
    bench.settings["actions"]["reload_page"] = False
    assert bench.run("reload_page").code == "disabled"


def test_what_the_agent_does_itself_is_not_done_here(bench: Bench) -> None:
    assert bench.run("noop").code == "unsupported"
