"""The line to the office."""

import contextlib
import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.network import NetworkProbe, Nic, Route, choose, default_route, psutil_nics
from provisioning.players.devices.sysroot import SysRoot

WIRED = Nic(up=True, address="192.0.2.7", rx_bytes=1000, tx_bytes=500, errors=0)
UNPLUGGED = Nic(up=False, address="", rx_bytes=0, tx_bytes=0, errors=0)


class Line:
    """A kiosk's played line on a clock of its own."""

    def __init__(self, root: Path) -> None:
        self.machine = SysRoot(root)
        self.now = 0.0
        self.nics = {"eth0": WIRED, "wlan0": UNPLUGGED}
        self.probe = NetworkProbe(root, lambda: self.nics, lambda: self.now)

    def pass_time(self, seconds: float, rx: int = 0, tx: int = 0, errors: int = 0) -> None:
        self.now += seconds
        nic = self.nics["eth0"]
        self.nics["eth0"] = nic._replace(
            rx_bytes=nic.rx_bytes + rx, tx_bytes=nic.tx_bytes + tx, errors=nic.errors + errors
        )


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path)


def test_a_working_line_is_ok_and_has_no_rates_at_first(line: Line) -> None:
    assert line.probe.observe() == (
        "ok",
        {
            "link_up": True,
            "interface": "eth0",
            "address": "192.0.2.7",
            "gateway": "192.0.2.1",
            "rx_kbps": None,
            "tx_kbps": None,
            "errors_per_min": None,
        },
        (),
        "",
    )


def test_rates_are_means_since_the_last_look(line: Line) -> None:
    line.probe.observe()
    line.pass_time(15, rx=150_000, tx=15_000, errors=2)
    facts = line.probe.observe().facts
    assert (facts["rx_kbps"], facts["tx_kbps"], facts["errors_per_min"]) == (80.0, 8.0, 8.0)


def test_counters_that_began_again_give_no_rates(line: Line) -> None:
    line.probe.observe()
    line.pass_time(15, rx=-900)
    assert line.probe.observe().facts["rx_kbps"] is None


def test_many_damaged_packets_are_told(line: Line) -> None:
    line.probe.observe()
    line.pass_time(15, errors=20)
    finding = line.probe.observe()
    assert finding.codes == ("network.errors",)
    assert finding.why == "eth0: many damaged packets"


def test_a_pulled_cable_is_told_of_the_cable_that_was_pulled(line: Line) -> None:
    line.probe.observe()
    line.nics = {"eth0": UNPLUGGED, "wlan0": WIRED._replace(address="")}
    line.machine.route("eth0", None)
    finding = line.probe.observe()
    assert finding.codes == ("network.link_down",)
    assert finding.why == "eth0: no link"
    assert finding.facts["link_up"] is False


def test_an_adapter_that_was_taken_out_is_no_link(line: Line) -> None:
    line.probe.observe()
    del line.nics["eth0"]
    line.machine.route("eth0", None)
    assert line.probe.observe().codes == ("network.link_down",)


def test_a_line_without_lease_has_neither_address_nor_gateway(line: Line) -> None:
    line.nics["eth0"] = WIRED._replace(address="")
    line.machine.route("eth0", None)
    finding = line.probe.observe()
    assert finding.codes == ("network.no_address", "network.no_gateway")


def test_a_second_line_that_takes_over_is_followed(line: Line) -> None:
    line.probe.observe()
    line.nics = {"eth0": UNPLUGGED, "wwan0": WIRED._replace(address="198.51.100.9")}
    line.machine.route("wwan0", "0.0.0.0")
    finding = line.probe.observe()
    assert finding.state == "ok"  # a modem's line needs no gateway
    assert (finding.facts["interface"], finding.facts["gateway"]) == ("wwan0", "")


def test_a_line_asked_for_by_name_is_not_replaced_by_another(tmp_path: Path) -> None:
    SysRoot(tmp_path)
    nics = {"eth0": WIRED, "wlan0": UNPLUGGED}
    probe = NetworkProbe(tmp_path, lambda: nics, lambda: 0.0, interface="wlan0")
    finding = probe.observe()
    assert (finding.facts["interface"], finding.codes) == ("wlan0", ("network.link_down",))


def test_a_machine_without_any_interface_has_no_link(tmp_path: Path) -> None:
    finding = NetworkProbe(tmp_path, dict, lambda: 0.0).observe()
    assert finding.codes == ("network.link_down",)
    assert finding.why == "no network interface: no link"


def test_without_a_route_the_interface_that_is_up_is_chosen() -> None:
    assert choose({"eth0": UNPLUGGED, "wlan0": WIRED}, None, "", "") == "wlan0"


def test_the_default_route_of_lowest_metric_wins() -> None:
    table = (
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
        "wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
        "eth0\t00000000\t0104A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
        "eth1\t00000000\t0105A8C0\t0002\t0\t0\t0\t00000000\t0\t0\t0\n"
    )
    assert default_route(table) == Route("eth0", "192.168.4.1", 100)


@given(st.text(max_size=400))
def test_any_text_is_a_route_or_none(table: str) -> None:
    route = default_route(table)
    assert route is None or isinstance(route, Route)


HEX = st.one_of(st.integers(0, 2**40).map(lambda n: f"{n:X}"), st.text(max_size=9))


@given(st.lists(st.lists(HEX, min_size=6, max_size=12).map("\t".join), max_size=6))
def test_any_table_of_columns_is_a_route_with_a_true_address_or_none(lines: list[str]) -> None:
    route = default_route("\n".join(["Iface", *lines]))
    assert route is None or route.gateway == "" or ipaddress.IPv4Address(route.gateway)


def test_this_very_machine_has_interfaces_and_loopback_is_none_of_them() -> None:
    nics = psutil_nics()
    assert "lo" not in nics
    for nic in nics.values():
        with contextlib.suppress(ValueError):
            assert not ipaddress.ip_address(nic.address).is_loopback
