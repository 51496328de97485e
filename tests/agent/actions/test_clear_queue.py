"""Emptying a real queue of CUPS."""

import pytest

from agent.actions import ipp_ask, queues
from agent.actions.base import Failed
from tests.agent.actions.conftest import Bench
from tests.support.cups import RealCups


def queue_at(bench: Bench, cups: RealCups) -> None:
    cups.add_queue("kiosk", "socket://127.0.0.1:9")  # nobody listens: what is sent waits
    bench.settings["probes"]["queue"] = {"uri": f"ipp://127.0.0.1:{cups.port}/printers/kiosk"}


def test_what_waits_is_thrown_away_and_a_second_time_is_as_good(
    bench: Bench, real_cups: RealCups
) -> None:
    queue_at(bench, real_cups)
    real_cups.pause("kiosk")
    for _ in range(2):
        real_cups.send("kiosk")
    ended = bench.run("clear_queue")
    assert (ended.state, ended.facts["jobs_before"], ended.facts["jobs"]) == ("succeeded", 2, 0)
    again = bench.run("clear_queue", mode="recover")
    assert (again.state, again.facts["jobs_before"]) == ("succeeded", 0)


@pytest.mark.parametrize("does", ["cancel -a {queue}", "true"])
def test_the_configured_program_is_run_and_not_believed(
    bench: Bench, real_cups: RealCups, does: str
) -> None:
    queue_at(bench, real_cups)
    real_cups.pause("kiosk")
    real_cups.send("kiosk")
    run = ["env", f"CUPS_SERVER=127.0.0.1:{real_cups.port}", *does.split()]
    bench.settings["actions"]["clear_queue"] = {"run": run}
    ended = bench.run("clear_queue", until_s=8 if does == "true" else 0)
    expected = "timeout" if does == "true" else ""
    assert ended.code == expected


def test_a_cups_that_says_no_is_told(bench: Bench, real_cups: RealCups) -> None:
    queue_at(bench, real_cups)
    with pytest.raises(Failed) as failed:
        queues.change(bench.context("clear_queue"), lambda uri: ipp_ask.ask(uri, 0x3FFF))
    assert failed.value.code == "refused"
