"""The figures of a played machine move as counters do."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agent.probes.system import SystemProbe
from provisioning.players.machine import Machine


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(0, 99), st.floats(1, 95))
def test_the_probe_computes_the_level_that_was_set(seed: int, level: float) -> None:
    seconds = Seconds()
    machine = Machine(Random(seed), seconds)
    machine.cpu = level
    probe = SystemProbe(source=machine.system, clock=seconds)
    probe.observe()
    for _ in range(5):
        seconds.now += 15
        finding = probe.observe()
    percent = finding.facts["cpu_percent"]
    assert isinstance(percent, float)
    assert 0.7 * level - 1 <= percent <= 1.3 * level + 1


def test_a_pulled_cable_takes_the_address_along() -> None:
    machine = Machine(Random(1), Seconds())
    machine.cable = False
    assert machine.nics()["eth0"].address == ""


def test_a_full_disk_has_nothing_left() -> None:
    machine = Machine(Random(1), Seconds())
    machine.disk = 140.0
    assert machine.mounts()[0].free_mb == 0
