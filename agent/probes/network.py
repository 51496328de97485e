"""The line to the office: its interface, address, gateway, traffic and errors.

Looks at the interface of the default route (IPv4) and never at loopback. When there is no such
route it stays with the interface it knew, so that a pulled cable is told of that cable. It pings
nobody: whether the office answers is known by the link.
"""

import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import psutil

from agent.probes import sysfs
from agent.probes.base import Clock, Facts, Finding, found

_RTF_UP: Final = 1


class Nic(NamedTuple):
    """One interface at one moment; counters since it appeared. No address is the empty text."""

    up: bool
    address: str
    rx_bytes: int
    tx_bytes: int
    errors: int


class Route(NamedTuple):
    interface: str
    gateway: str  # empty on a line that needs none (mobile modems)
    metric: int


class Rates(NamedTuple):
    rx_kbps: float | None = None
    tx_kbps: float | None = None
    errors_per_min: float | None = None


Nics = Mapping[str, Nic]


def psutil_nics() -> dict[str, Nic]:
    """Every interface but loopback."""
    counters = psutil.net_io_counters(pernic=True, nowrap=False)
    stats = psutil.net_if_stats()
    addresses = psutil.net_if_addrs()
    return {
        name: Nic(
            up=stat.isup,
            address=_address([(a.family, a.address) for a in addresses.get(name, [])]),
            rx_bytes=counters[name].bytes_recv,
            tx_bytes=counters[name].bytes_sent,
            errors=counters[name].errin + counters[name].errout,
        )
        for name, stat in stats.items()
        if name in counters and "loopback" not in stat.flags.split(",")
    }


class NetworkProbe:
    """Rates are means since the last look, in kilobits a second; None on the first look."""

    name = "network"
    period_s = 15.0
    timeout_s = 5.0
    confirm = 2  # a lease being renewed is no fault
    bands: Mapping[str, float] = {"rx_kbps": 500, "tx_kbps": 500, "errors_per_min": 10}

    def __init__(
        self,
        root: Path = Path("/"),
        nics: Callable[[], Nics] = psutil_nics,
        clock: Clock = time.monotonic,
        interface: str = "",
        errors_high: float = 60,
    ) -> None:
        self._root = root
        self._nics = nics
        self._clock = clock
        self._fixed = interface
        self._known = interface
        self._errors_high = errors_high
        self._last: tuple[float, str, Nic] | None = None

    def observe(self) -> Finding:
        nics = self._nics()
        route = default_route(sysfs.text(self._root / "proc/net/route") or "")
        self._known = choose(nics, route, self._fixed, self._known)
        nic = nics.get(self._known, Nic(False, "", 0, 0, 0))
        rates = self._rates(nic)
        # The route of another line is no way out when this line was asked for by name.
        routed = route is not None and route.interface == self._known
        codes = self._codes(nic, rates, routed=routed)
        facts: Facts = {
            "link_up": nic.up,
            "interface": self._known[:32],
            "address": nic.address,
            "gateway": route.gateway if route and routed else "",
            **rates._asdict(),
        }
        return found(facts, codes, _why(self._known, codes))

    def _codes(self, nic: Nic, rates: Rates, *, routed: bool) -> list[str]:
        if not nic.up:
            return ["network.link_down"]  # the rest only follows from it
        codes = [] if nic.address else ["network.no_address"]
        if not routed:
            codes.append("network.no_gateway")
        if (rates.errors_per_min or 0) >= self._errors_high:
            codes.append("network.errors")
        return codes

    def _rates(self, nic: Nic) -> Rates:
        last, now = self._last, self._clock()
        self._last = (now, self._known, nic)
        if last is None or last[1] != self._known or now <= last[0]:
            return Rates()
        seconds, before = now - last[0], last[2]
        gone = (nic.rx_bytes - before.rx_bytes, nic.tx_bytes - before.tx_bytes)
        errors = nic.errors - before.errors
        if min(*gone, errors) < 0:  # the interface was made anew, its counters began again
            return Rates()
        rx, tx = (round(8 * octets / seconds / 1000, 1) for octets in gone)
        return Rates(rx, tx, round(60 * errors / seconds, 1))


def default_route(table: str) -> Route | None:
    """The default route of lowest metric in the text of /proc/net/route; bad lines are skipped."""
    routes = [_route(line.split()) for line in table.splitlines()[1:]]
    return min((r for r in routes if r), key=lambda r: r.metric, default=None)


def choose(nics: Nics, route: Route | None, fixed: str, known: str) -> str:
    """The interface to tell about: as configured, else routed, else known, else the best one."""
    if fixed or (route and route.interface in nics):
        return fixed or (route.interface if route else "")
    if known:
        return known
    return max(nics, key=lambda n: (nics[n].up, bool(nics[n].address), n), default="")


def _route(columns: list[str]) -> Route | None:
    try:
        name, destination, gateway, flags, _, _, metric, mask = columns[:8]
        if int(destination, 16) or int(mask, 16) or not int(flags, 16) & _RTF_UP:
            return None
        # The kernel prints the address as a number of this machine's byte order.
        there = socket.inet_ntoa(int(gateway, 16).to_bytes(4, "little"))
        return Route(name, "" if there == "0.0.0.0" else there, int(metric))  # noqa: S104
    except (ValueError, OverflowError):
        return None


def _address(addresses: list[tuple[int, str]]) -> str:
    """The first address others can answer to; IPv4 before IPv6. Link-local does not count."""
    v4 = [a for f, a in addresses if f == socket.AF_INET and not a.startswith("169.254.")]
    v6 = [a for f, a in addresses if f == socket.AF_INET6 and not a.startswith("fe80")]
    return (v4 + v6 + [""])[0]


def _why(interface: str, codes: list[str]) -> str:
    said = {
        "network.link_down": "no link",
        "network.no_address": "no address",
        "network.no_gateway": "no default route",
        "network.errors": "many damaged packets",
    }
    name = interface[:32] or "no network interface"
    return f"{name}: {', '.join(said[code] for code in codes)}" if codes else ""
