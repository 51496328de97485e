"""The machine's network interfaces, asked of the kernel: state, addresses, counters.

Owns the questions and how the answers are laid out. Never judges, never changes anything and speaks
to no other machine. Why not a library: it costs a kiosk a megabyte for these three questions.
"""

import array
import fcntl
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from agent.probes import sysfs

Address = tuple[int, str]
"""Its family and its text."""

_LIST_IPV4: Final = 0x8912  # SIOCGIFCONF
_FLAGS: Final = 0x8913  # SIOCGIFFLAGS
_LOOPBACK: Final = 0x8
_RUNNING: Final = 0x40
_REQUEST: Final = 40  # bytes of a struct ifreq; its name comes first, a sockaddr after 16 bytes
_MOST: Final = 256  # addresses
_COUNTERS: Final = 11  # columns of /proc/net/dev as far as they are read


class Nic(NamedTuple):
    """One interface at one moment; counters since it appeared. No address is the empty text."""

    up: bool
    address: str
    rx_bytes: int
    tx_bytes: int
    errors: int


class Counters(NamedTuple):
    rx_bytes: int
    tx_bytes: int
    errors: int


def interfaces(proc: Path = Path("/proc")) -> dict[str, Nic]:
    """Every interface but loopback."""
    counters = parse_counters(sysfs.text(proc / "net/dev") or "")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as kernel:
        flags = {name: _flags(kernel, name) for name in counters}
        addresses = list(_ipv4(kernel))
    addresses += parse_ipv6(sysfs.text(proc / "net/if_inet6") or "")
    return {
        name: Nic(
            bool(flags[name] & _RUNNING),
            reachable([address for owner, address in addresses if owner == name]),
            *counted,
        )
        for name, counted in counters.items()
        if flags[name] and not flags[name] & _LOOPBACK
    }


def reachable(addresses: list[Address]) -> str:
    """The first address others can answer to; IPv4 before IPv6. Link-local does not count."""
    v4 = [a for f, a in addresses if f == socket.AF_INET and not a.startswith("169.254.")]
    v6 = [a for f, a in addresses if f == socket.AF_INET6 and not a.startswith("fe80")]
    return (v4 + v6 + [""])[0]


def parse_counters(table: str) -> dict[str, Counters]:
    """The text of /proc/net/dev; bad lines are skipped."""
    found = {}
    for line in table.splitlines():
        # An alias has a colon in its name: the last one ends it.
        name, _, numbers = line.rpartition(":")
        columns = [sysfs.parse_number(word) for word in numbers.split()[:_COUNTERS]]
        if len(columns) == _COUNTERS and None not in columns:
            rx, _, rx_bad, *_, tx, _, tx_bad = (number or 0 for number in columns)
            found[name.strip()] = Counters(rx, tx, rx_bad + tx_bad)
    return found


def parse_ipv6(table: str) -> Iterator[tuple[str, Address]]:
    """The text of /proc/net/if_inet6; bad lines are skipped."""
    for line in table.splitlines():
        words = line.split()
        try:
            text = socket.inet_ntop(socket.AF_INET6, bytes.fromhex(words[0]))
            yield words[5], (socket.AF_INET6, text)
        except (ValueError, IndexError):
            continue


def _flags(kernel: socket.socket, name: str) -> int:
    """0 for one that has just been pulled out."""
    try:
        answer = fcntl.ioctl(kernel, _FLAGS, name.encode().ljust(_REQUEST, b"\0"))
    except OSError:
        return 0
    return int(struct.unpack_from("H", answer, 16)[0])


def _ipv4(kernel: socket.socket) -> Iterator[tuple[str, Address]]:
    room = array.array("B", bytes(_MOST * _REQUEST))
    place, size = room.buffer_info()
    answer = fcntl.ioctl(kernel, _LIST_IPV4, struct.pack("iP", size, place))
    (filled,) = struct.unpack_from("i", answer)
    for at in range(0, filled, _REQUEST):
        name = bytes(room[at : at + 16]).partition(b"\0")[0].decode("utf-8", "replace")
        yield name, (socket.AF_INET, socket.inet_ntoa(room[at + 20 : at + 24].tobytes()))
