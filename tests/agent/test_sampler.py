"""Devices that hang, crash and lie, and a sampler that goes on."""

import threading
import time
from collections.abc import Iterator

import pytest

from agent.belief import Sighting
from agent.probes.base import Finding
from agent.sampler import TOGETHER_S, Sampler
from tests.agent.probe import Gate, SaidProbe
from tests.support.wait import until


class Watched:
    """A running sampler and what it told."""

    def __init__(self) -> None:
        self.told: list[Sighting] = []
        self.sampler: Sampler | None = None

    def watch(self, *probes: SaidProbe) -> Sampler:
        # The grid begins now: no probe of a minute comes due in the middle of a test.
        begins = time.monotonic()
        self.sampler = Sampler(probes, self.told.append, wall_ms=lambda: 1234, phase_s=begins)
        self.sampler.start()
        return self.sampler

    def states(self, probe: str) -> list[str]:
        return [seen.observation.state for seen in self.told if seen.observation.probe == probe]


@pytest.fixture
def watched() -> Iterator[Watched]:
    watched = Watched()
    yield watched
    if watched.sampler is not None:
        watched.sampler.stop()


def test_every_probe_looks_at_once_and_then_in_its_period(watched: Watched) -> None:
    probe, slow = SaidProbe(period_s=0.1), SaidProbe("disk", period_s=60)
    began = time.monotonic()
    watched.watch(probe, slow)
    until(lambda: probe.looks and slow.looks, 20)  # not after the minute of its period
    until(lambda: probe.looks >= 3, 20)
    assert slow.looks == 1
    assert time.monotonic() - began > 0.1


def test_a_first_sighting_is_no_flip_and_a_change_tells_the_state_before(watched: Watched) -> None:
    state = iter(["ok", "ok", "fail"])
    watched.watch(SaidProbe(say=lambda: Finding(next(state, "fail")), period_s=0.05))  # type: ignore[arg-type]
    until(lambda: "fail" in watched.states("printer"), 20)
    assert watched.told[0].flipped_from is None
    flips = [seen for seen in watched.told if seen.flipped_from is not None]
    assert [(seen.flipped_from, seen.observation.state) for seen in flips] == [("ok", "fail")]


def test_a_worse_state_is_looked_at_again_soon_before_it_is_believed(watched: Watched) -> None:
    findings = iter([Finding("ok")])
    probe = SaidProbe(say=lambda: next(findings, Finding("fail")), period_s=2, confirm=2)
    watched.watch(probe)
    until(lambda: watched.states("printer") == ["ok", "fail"], 20)
    assert probe.looks == 3


def test_a_probe_that_hangs_is_unknown_in_time_and_delays_no_other(watched: Watched) -> None:
    gate, quick = Gate(), SaidProbe("disk", period_s=0.1)
    sampler = watched.watch(SaidProbe(say=gate, timeout_s=0.5), quick)
    until(lambda: watched.states("printer") == ["unknown"], 20)
    first = next(n for n, one in enumerate(watched.told) if one.observation.probe == "printer")
    assert watched.told[first].observation.why == "no answer within 0.5 s"
    assert first > 0, "the other had its look meanwhile"
    until(lambda: quick.looks >= 4, 20)
    assert sampler.hung == 1
    gate.let_go()
    until(lambda: watched.states("printer")[-1] == "ok", 20)
    assert sampler.hung == 0


def test_a_hung_probe_costs_one_thread_not_one_for_each_period(watched: Watched) -> None:
    gate = Gate()
    before = threading.active_count()
    watched.watch(SaidProbe(say=gate, timeout_s=0.1, period_s=0.1), SaidProbe("disk", period_s=0.1))
    until(lambda: len(watched.states("disk")) > 5, 20)
    assert threading.active_count() - before <= 3  # sampler, runner, the hung one
    gate.let_go()


def test_a_probe_that_raises_is_unknown_with_the_reason_and_is_asked_ever_more_rarely(
    watched: Watched,
) -> None:
    at: list[float] = []

    def crash() -> Finding:
        at.append(time.monotonic())
        raise OSError("no such device \ud800")

    watched.watch(SaidProbe(say=crash, period_s=0.5))
    until(lambda: len(at) >= 3, 20)
    assert "OSError: no such device ?" in watched.told[0].observation.why
    assert at[1] - at[0] >= 1 - TOGETHER_S  # a busy machine only makes them longer
    assert at[2] - at[1] >= 2 - TOGETHER_S


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        "ok",
        Finding("fine"),  # type: ignore[arg-type]
        Finding("ok", {"Bad Name": 1}),
        Finding("ok", {"level": float("nan")}),
        Finding("ok", {"level": {}}),  # type: ignore[dict-item]
        Finding("ok", {f"a{i}": "x" * 300 for i in range(40)}),
        Finding("ok", {}, ("x" * 100,)),
        Finding("ok", {"level": 2**80}),
    ],
)
def test_nonsense_is_unknown_and_never_reaches_the_wire(watched: Watched, nonsense: object) -> None:
    watched.watch(SaidProbe(say=lambda: nonsense))
    until(lambda: watched.states("printer") == ["unknown"], 20)
    assert "the probe returned" in watched.told[0].observation.why


def test_age_and_latency_are_measured(watched: Watched) -> None:
    watched.watch(SaidProbe(say=lambda: time.sleep(0.02) or Finding("ok")))  # type: ignore[func-returns-value]
    until(lambda: watched.told, 20)
    assert watched.told[0].observation.at == 1234
    assert 20 <= watched.told[0].observation.latency_ms < 20_000


def test_a_sink_that_fails_stops_nothing() -> None:
    probe = SaidProbe(period_s=0.05)

    def refuse(_: Sighting) -> None:
        raise RuntimeError("full")

    sampler = Sampler([probe], refuse)
    sampler.start()
    until(lambda: probe.looks >= 3, 20)
    sampler.stop()


def test_the_loop_says_until_when_it_means_to_sleep(watched: Watched) -> None:
    sampler = watched.watch(SaidProbe(period_s=60))
    until(lambda: sampler.back_by > time.monotonic(), 20)
    assert sampler.back_by <= time.monotonic() + 60.6
