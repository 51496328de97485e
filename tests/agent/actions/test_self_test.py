"""Which devices are not well."""

from provisioning.players.devices.ipp_printer import IppDevice
from tests.agent.actions.conftest import Bench


def test_a_device_that_fails_is_named(bench: Bench, ipp_device: IppDevice) -> None:
    bench.settings["probes"] |= {"printer": {"uri": ipp_device.uri}, "temperature": True}
    assert bench.run("self_test").facts["printer"] == "ok"
    ipp_device.paper(0)
    ended = bench.run("self_test")
    assert (ended.state, ended.code, ended.facts["not_ok"]) == ("failed", "not_ok", "printer")
    assert ended.facts["checked"] == 2
