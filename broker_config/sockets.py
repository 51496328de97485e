"""Which sockets a process has open to be spoken to, as Linux itself tells.

A misplaced option makes Mosquitto open port 1883 to the world, so nobody believes a configuration:
this asks the kernel. Never opens or closes a socket.
"""

import os
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import NamedTuple

LISTENING, UNCONNECTED = "0A", "07"  # states of TCP and of UDP in /proc
ACCEPTS = 0x10000  # flag of a listening UNIX socket


class Ear(NamedTuple):
    """A socket that hears others. `port` 0 for UNIX sockets, `address` then is the path."""

    kind: str  # tcp, udp or unix
    address: str
    port: int

    def __str__(self) -> str:
        return f"{self.kind} {self.address}" + (f":{self.port}" if self.port else "")


def ears(pid: int) -> frozenset[Ear]:
    """Of this process. Raises OSError when it has gone or is not ours to look at."""
    root = Path(f"/proc/{pid}")
    mine = _inodes(root / "fd")
    found = set()
    for name, state in (("tcp", LISTENING), ("udp", UNCONNECTED)):
        for table in (name, f"{name}6"):
            for words in _rows(root / "net" / table):
                if words[3] == state and words[9] in mine:
                    found.add(Ear(name, *_address(words[1])))
    for words in _rows(root / "net" / "unix"):
        if int(words[3], 16) & ACCEPTS and words[6] in mine:
            found.add(Ear("unix", words[7] if len(words) > 7 else "", 0))
    return frozenset(found)


def _inodes(folder: Path) -> set[str]:
    found = set()
    for entry in os.scandir(folder):
        try:
            target = os.readlink(entry.path)  # noqa: PTH115 - it is no path
        except FileNotFoundError:
            continue  # closed in this moment
        if target.startswith("socket:["):
            found.add(target[8:-1])
    return found


def _rows(table: Path) -> list[list[str]]:
    try:
        return [line.split() for line in table.read_text().splitlines()[1:]]
    except FileNotFoundError:
        return []  # a kernel without IPv6


def _address(text: str) -> tuple[str, int]:
    """`0100007F:1F90` is 127.0.0.1:8080: words of four bytes, each backwards."""
    where, port = text.split(":")
    raw = bytes.fromhex(where)
    turned = b"".join(raw[i : i + 4][::-1] for i in range(0, len(raw), 4))
    address = IPv4Address(turned) if len(turned) == 4 else IPv6Address(turned)
    return str(address), int(port, 16)
