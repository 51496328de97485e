"""The print queue's probe, against a real CUPS and against the simulated one."""

from collections.abc import Callable
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.base import Finding
from agent.probes.ipp import Group, Reply, Value
from agent.probes.queue import PrintQueue, oldest_job_s
from provisioning.players.devices.ipp_printer import IppDevice
from tests.support.cups import RealCups, RealPrinter
from tests.support.wait import until

STUCK_AFTER_S = 1.0


class Queue(Protocol):
    """What a test does to a queue, real or simulated."""

    uri: str

    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def reject(self) -> None: ...
    def accept(self) -> None: ...
    def send(self) -> None: ...
    def kill(self) -> None: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...


class RealQueue:
    def __init__(self, cups: RealCups, printer: RealPrinter) -> None:
        cups.add_queue("kiosk", printer.uri)
        self.uri = f"ipp://127.0.0.1:{cups.port}/printers/kiosk"
        self._cups = cups
        self.kill, self.freeze, self.thaw = cups.child.kill, cups.child.freeze, cups.child.thaw

    def pause(self) -> None:
        self._cups.pause("kiosk")

    def resume(self) -> None:
        self._cups.resume("kiosk")

    def reject(self) -> None:
        self._cups.reject("kiosk")

    def accept(self) -> None:
        self._cups.accept("kiosk")

    def send(self) -> None:
        self._cups.send("kiosk")


class SimulatedQueue:
    def __init__(self, device: IppDevice) -> None:
        self.uri = device.queue_uri
        self._device = device
        self.kill, self.freeze, self.thaw = device.kill, device.freeze, device.thaw
        self.send = device.enqueue

    def pause(self) -> None:
        self._device.queue_paused = True

    def resume(self) -> None:
        self._device.queue_paused = False

    def reject(self) -> None:
        self._device.queue_rejects = True

    def accept(self) -> None:
        self._device.queue_rejects = False


@pytest.fixture(params=["real", "simulated"])
def queue(request: pytest.FixtureRequest) -> Queue:
    fixture = request.getfixturevalue
    if request.param == "real":
        return RealQueue(fixture("real_cups"), fixture("real_printer"))
    return SimulatedQueue(fixture("ipp_device"))


Look = Callable[[], Finding]


@pytest.fixture
def look(queue: Queue) -> Look:
    return PrintQueue(queue.uri, timeout_s=20, stuck_after_s=STUCK_AFTER_S).observe


def with_code(look: Look, code: str) -> Finding | None:
    finding = look()
    return finding if code in finding.codes else None


def test_a_queue_that_is_well_is_ok(look: Look) -> None:
    finding = look()
    assert (finding.state, finding.codes) == ("ok", ())
    assert finding.facts["queue_state"] == "idle"
    assert finding.facts["accepting"] is True
    assert (finding.facts["jobs"], finding.facts["oldest_job_s"]) == (0, 0)


def test_a_paused_queue_is_stopped_until_it_is_resumed(queue: Queue, look: Look) -> None:
    queue.pause()
    assert look().codes == ("queue.stopped",)
    assert look().facts["queue_state"] == "stopped"
    queue.resume()
    assert look().state == "ok"


def test_a_queue_that_takes_no_jobs_is_rejecting(queue: Queue, look: Look) -> None:
    queue.reject()
    finding = look()
    assert finding.codes == ("queue.rejecting",)
    assert finding.facts["accepting"] is False
    queue.accept()
    assert look().state == "ok"


def test_a_job_that_waits_too_long_is_stuck(queue: Queue, look: Look) -> None:
    queue.pause()
    queue.send()
    patient = PrintQueue(queue.uri, timeout_s=20, stuck_after_s=3_600)
    assert "queue.stuck" not in patient.observe().codes
    finding = until(lambda: with_code(look, "queue.stuck"), 20, 0.1)
    assert finding is not None
    assert finding.facts["jobs"] == 1
    assert int(finding.facts["oldest_job_s"] or 0) > STUCK_AFTER_S


def test_a_queue_nobody_knows_is_unreachable_and_named(queue: Queue) -> None:
    finding = PrintQueue(queue.uri.replace("/kiosk", "/lain")).observe()
    assert finding.codes == ("queue.unreachable",)
    assert "/printers/lain" in finding.why


def test_a_cups_that_hangs_is_unreachable_for_lack_of_an_answer(queue: Queue) -> None:
    queue.freeze()
    finding = PrintQueue(queue.uri, timeout_s=0.3).observe()
    queue.thaw()
    assert finding.codes == ("queue.unreachable",)
    assert "does not answer" in finding.why


def test_a_cups_that_is_gone_is_unreachable(queue: Queue, look: Look) -> None:
    queue.kill()
    assert look().codes == ("queue.unreachable",)


def test_a_printer_that_vanished_shows_in_the_age_of_its_job(
    real_cups: RealCups, real_printer: RealPrinter
) -> None:
    queue = RealQueue(real_cups, real_printer)
    look = PrintQueue(queue.uri, stuck_after_s=STUCK_AFTER_S).observe
    real_printer.kill()
    queue.send()
    finding = until(lambda: with_code(look, "queue.stuck"), 20, 0.1)
    assert finding is not None
    assert finding.codes == ("queue.stuck",)
    assert finding.facts["queue_state"] == "processing"


def jobs(*groups: Group) -> Reply:
    return Reply(0, [(2, group) for group in groups])


def test_a_job_somebody_holds_is_not_stuck() -> None:
    held: Group = {"job-state": [4], "time-at-creation": [10]}
    waiting: Group = {"job-state": [3], "time-at-creation": [90]}
    assert oldest_job_s(jobs(held, waiting), 100) == 10


def test_a_job_from_the_future_is_new() -> None:
    assert oldest_job_s(jobs({"job-state": [3], "time-at-creation": [500]}), 100) == 0


values = st.lists(st.one_of(st.integers(), st.text(), st.binary(), st.booleans()), max_size=2)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["job-state", "time-at-creation"]), values), max_size=4
    ),
    st.none() | st.integers(),
)
def test_any_list_of_jobs_has_an_age(groups: list[dict[str, list[Value]]], now: int | None) -> None:
    assert oldest_job_s(jobs(*groups), now) >= 0
