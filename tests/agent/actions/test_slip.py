"""A slip from a simulated receipt printer."""

from agent.actions import slip
from agent.actions.asked import Outcome
from provisioning.players.devices.escpos_printer import EscposDevice
from tests.agent.actions.conftest import Bench


def run(bench: Bench, printer: EscposDevice) -> Outcome:
    bench.settings["probes"]["receipt"] = {"address": printer.address}
    return bench.run("test_print", device="receipt")


def test_a_slip_counts_when_the_printer_is_well_before_and_after(
    bench: Bench, escpos_device: EscposDevice
) -> None:
    ended = run(bench, escpos_device)
    assert (ended.state, ended.facts["slips"]) == ("succeeded", 1)
    assert (ended.facts["before"], ended.facts["after"]) == ("ok", "ok")
    assert ended.facts["confirmed"] is True
    assert escpos_device.printed > 40


def test_a_slip_is_confirmed_also_when_the_roll_ends_soon(
    bench: Bench, escpos_device: EscposDevice
) -> None:
    escpos_device.paper = "low"
    ended = run(bench, escpos_device)
    assert (ended.state, ended.facts["confirmed"]) == ("succeeded", True)
    assert (ended.facts["before"], ended.facts["after"]) == ("warn", "warn")


def test_without_paper_nothing_is_sent(bench: Bench, escpos_device: EscposDevice) -> None:
    escpos_device.paper = "out"
    assert run(bench, escpos_device).code == "paper"
    assert escpos_device.printed == 0


def test_an_open_cover_is_said(bench: Bench, escpos_device: EscposDevice) -> None:
    escpos_device.cover_open = True
    ended = run(bench, escpos_device)
    assert (ended.code, "cover" in ended.why) == ("not_ok", True)


def test_paper_that_runs_out_during_the_slip_is_said(
    bench: Bench, escpos_device: EscposDevice
) -> None:
    class RunsOut(EscposDevice):
        pass

    escpos_device.__class__ = RunsOut
    RunsOut._roll = lambda self: 0x6C if self.printed else 0  # type: ignore[method-assign]
    assert run(bench, escpos_device).code == "paper"


def test_a_printer_nobody_finds_is_not_ok(bench: Bench, escpos_device: EscposDevice) -> None:
    escpos_device.kill()
    assert run(bench, escpos_device).code == "not_ok"
    assert slip.BUSY_S < 60
