"""Processor, memory and load."""

import math

import pytest

from agent.probes.system import PsutilSystem, SystemProbe, SystemSample

CALM = SystemSample(
    cpu_busy_s=100,
    cpu_total_s=1000,
    memory_percent=40.04,
    memory_total_mb=3900,
    swap_percent=0,
    load1=0.126,
    uptime_s=5000,
    cores=4,
    os="Debian GNU/Linux 12 (bookworm)",
)


class Played:
    """A machine whose processor is used as told, on a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sample = CALM

    def pass_time(self, seconds: float, use: float) -> None:
        self.now += seconds
        total = seconds * self.sample.cores
        self.sample = self.sample._replace(
            cpu_busy_s=self.sample.cpu_busy_s + total * use,
            cpu_total_s=self.sample.cpu_total_s + total,
        )

    def probe(self) -> SystemProbe:
        return SystemProbe(lambda: self.sample, lambda: self.now)


@pytest.fixture
def played() -> Played:
    return Played()


def test_the_first_look_cannot_know_the_processor_but_all_else(played: Played) -> None:
    finding = played.probe().observe()
    assert finding.state == "ok"
    assert finding.facts == {
        "cpu_percent": None,
        "memory_percent": 40.0,
        "memory_total_mb": 3900,
        "swap_percent": 0,
        "load1": 0.13,
        "uptime_s": 5000,
        "cores": 4,
        "os": "Debian GNU/Linux 12 (bookworm)",
    }


def test_the_processor_is_a_mean_over_the_last_minute(played: Played) -> None:
    probe = played.probe()
    means = []
    for use in (0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0):
        probe.observe()
        played.pass_time(15, use)
        means.append(probe.observe().facts["cpu_percent"])
    # A burst of one look is a quarter of a minute's mean, and forgotten a minute later.
    assert max(m for m in means if isinstance(m, float)) == 25.0
    assert means[-1] == 0.0


def test_a_busy_minute_is_told_and_released_only_well_below(played: Played) -> None:
    probe = played.probe()
    probe.observe()
    played.pass_time(60, 0.95)
    busy = probe.observe()
    played.pass_time(60, 0.85)
    still = probe.observe()
    played.pass_time(60, 0.5)
    calm = probe.observe()
    assert busy.codes == still.codes == ("system.cpu_high",)
    assert busy.why == "cpu_percent is 95.0"
    assert calm.codes == ()
    assert (calm.state, calm.why) == ("ok", "")


def test_full_memory_and_swap_are_told_together(played: Played) -> None:
    played.sample = CALM._replace(memory_percent=97, swap_percent=88)
    assert played.probe().observe().codes == ("system.memory_high", "system.swap_high")


def test_counters_that_went_back_give_no_processor_figure(played: Played) -> None:
    probe = played.probe()
    probe.observe()
    played.now += 15
    played.sample = CALM._replace(cpu_busy_s=1, cpu_total_s=2)
    assert probe.observe().facts["cpu_percent"] is None


def test_uptime_and_load_are_no_reason_to_report() -> None:
    assert SystemProbe.bands["uptime_s"] == SystemProbe.bands["load1"] == math.inf


def test_this_very_machine_is_told_plausibly() -> None:
    sample = PsutilSystem()()
    assert 0 < sample.cpu_busy_s < sample.cpu_total_s
    assert 0 < sample.memory_percent < 100
    assert sample.memory_total_mb > 100
    assert sample.uptime_s > 0
    assert sample.os
