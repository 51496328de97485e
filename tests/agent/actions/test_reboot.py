"""A restart of the machine, up to the moment in which it would go down."""

import threading
from collections.abc import Callable

from agent.actions import running
from provisioning.players.devices.ipp_printer import IppDevice
from tests.agent.actions.browsers import KioskBrowser
from tests.agent.actions.conftest import Bench
from tests.support.wait import until

Program = Callable[[str, str], str]


def test_a_machine_that_stays_up_is_no_success(bench: Bench, program: Program) -> None:
    note = bench.folder / "note"
    bench.settings["actions"]["reboot"] = {"run": [program("down", f"echo . >> {note}")]}
    ended = bench.run("reboot", until_s=3)
    assert (ended.state, ended.code) == ("failed", "still_up")
    assert note.read_text() == ".\n"


def test_a_system_that_says_no_is_told(bench: Bench, program: Program) -> None:
    words = [program("down", "echo Access denied >&2; exit 1")]
    bench.settings["actions"]["reboot"] = {"run": words}
    ended = bench.run("reboot")
    assert (ended.code, "Access denied" in ended.why) == ("refused", True)


def test_going_down_cannot_be_cancelled_and_says_so(bench: Bench, program: Program) -> None:
    note = bench.folder / "note"
    bench.settings["actions"]["reboot"] = {"run": [program("down", f"echo . >> {note}")]}
    context = bench.context("reboot", until_s=4)

    def wish() -> None:
        until(note.exists, 10)
        context.stop.ask()

    waiting = threading.Thread(target=wish)
    waiting.start()
    assert running.run(context).code == "still_up"
    waiting.join()


def test_a_citizen_is_waited_for_and_that_can_be_cancelled(
    bench: Bench, browser: KioskBrowser, program: Program
) -> None:
    note = bench.folder / "note"
    bench.settings["actions"]["reboot"] = {"run": [program("down", f"echo . >> {note}")]}
    browser.evaluate("document.querySelector('#name').value = 'Siti'")
    context = bench.context("reboot")
    bench.on_say = lambda _: context.stop.ask()
    assert running.run(context).state == "cancelled"
    assert not note.exists()


def test_a_printer_at_work_is_waited_for(
    bench: Bench, ipp_device: IppDevice, program: Program
) -> None:
    bench.settings["actions"]["reboot"] = {"run": [program("down", "true")]}
    bench.settings["probes"]["printer"] = {"uri": ipp_device.uri}
    ipp_device.enqueue()
    bench.on_say = lambda _: ipp_device.finish_jobs()
    bench.run("reboot", until_s=6)
    notes = [said["progress"]["note"] for said in bench.said]
    assert notes == ["the printer is at work: waiting", "the machine is going down"]
