"""Opening a real queue of CUPS."""

from tests.agent.actions.conftest import Bench
from tests.support.cups import RealCups


def test_a_stopped_and_closed_queue_prints_and_takes_jobs_again(
    bench: Bench, real_cups: RealCups
) -> None:
    real_cups.add_queue("kiosk", "socket://127.0.0.1:9")
    bench.settings["probes"]["queue"] = {"uri": f"ipp://127.0.0.1:{real_cups.port}/printers/kiosk"}
    real_cups.pause("kiosk")
    real_cups.reject("kiosk")
    ended = bench.run("resume_queue")
    assert (ended.state, ended.facts["state_before"]) == ("succeeded", "stopped")
    assert (ended.facts["state"], ended.facts["accepting"]) == ("idle", True)
    assert bench.run("resume_queue").state == "succeeded"


def test_a_queue_nobody_knows_is_said(bench: Bench, real_cups: RealCups) -> None:
    bench.settings["probes"]["queue"] = {"uri": f"ipp://127.0.0.1:{real_cups.port}/printers/no"}
    assert bench.run("resume_queue").code == "unreachable"
