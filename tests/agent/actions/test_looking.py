"""All probes at once, also those that hang."""

from agent.actions.looking import look_at_all
from provisioning.players.devices.ipp_printer import IppDevice
from tests.agent.actions.conftest import Bench


def test_one_that_hangs_does_not_keep_the_others(bench: Bench, ipp_device: IppDevice) -> None:
    ipp_device.freeze()
    bench.settings["probes"] |= {"printer": {"uri": ipp_device.uri}, "disk": True}
    found = look_at_all(bench.context("self_test"))
    assert found["printer"].state == "fail"
    assert found["disk"].state in ("ok", "warn")


def test_a_probe_that_cannot_be_made_is_a_reading(bench: Bench) -> None:
    bench.settings["probes"] |= {"printer": {"uri": "nonsense"}}
    assert look_at_all(bench.context("self_test"))["printer"].state == "unknown"
