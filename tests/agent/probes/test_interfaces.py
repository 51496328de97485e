"""Network interfaces as the kernel tells of them."""

import ipaddress
import socket
from pathlib import Path

import psutil
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.interfaces import interfaces, parse_counters, parse_ipv6, reachable

DEV = """\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo
    lo: 27317187472 45841416    0    0    0     0          0         0 27317187472 45841416    0
  eth0: 1000 8 2 0 0 0 0 0 500 7 1 0 0 0 0 0
eth0:1: 10 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0
broken: 1 2 x
"""


def test_this_very_machine_agrees_with_psutil() -> None:
    nics = interfaces()
    there = psutil.net_if_stats()
    addresses = psutil.net_if_addrs()
    assert set(nics) == {name for name, stat in there.items() if "loopback" not in stat.flags}
    for name, nic in nics.items():
        assert nic.up == there[name].isup
        assert nic.address in {"", *(one.address for one in addresses[name])}
        if nic.address:
            assert not ipaddress.ip_address(nic.address).is_loopback


def test_loopback_has_an_address_that_nobody_else_can_answer_to() -> None:
    assert "lo" not in interfaces()


def test_counters_are_bytes_and_errors_of_both_ways() -> None:
    counters = parse_counters(DEV)
    assert set(counters) == {"lo", "eth0", "eth0:1"}
    assert counters["eth0"] == (1000, 500, 3)


def test_an_interface_that_was_just_pulled_out_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net/dev").write_text("gone9: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n")
    assert interfaces(tmp_path) == {}


def test_an_ipv6_address_is_written_short() -> None:
    table = "fd000000000000000000000000000002 02 40 00 80 eth0\nxyz\n"
    assert list(parse_ipv6(table)) == [("eth0", (socket.AF_INET6, "fd00::2"))]


def test_ipv4_goes_before_ipv6_and_link_local_does_not_count() -> None:
    own, far = (socket.AF_INET, "169.254.7.7"), (socket.AF_INET, "192.0.2.7")
    near, six = (socket.AF_INET6, "fe80::1"), (socket.AF_INET6, "2001:db8::7")
    assert reachable([near, six, own, far]) == "192.0.2.7"
    assert reachable([near, six, own]) == "2001:db8::7"
    assert reachable([near, own]) == ""


@given(st.text(max_size=300))
def test_any_text_is_a_table_of_counters(text: str) -> None:
    assert all(min(counted) >= -(10**19) for counted in parse_counters(text).values())


@given(st.text(max_size=300))
def test_any_text_is_a_table_of_true_addresses(text: str) -> None:
    for _, (_, address) in parse_ipv6(text):
        assert ipaddress.IPv6Address(address)
