"""Where a request came from: the socket's address, or what a named proxy says of it.

Pure. `X-Forwarded-For` is believed only as far as the chain consists of proxies named at the
start: anybody may write one. It serves limits and the audit log, never the question who it is.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
NOBODY: Final = "unknown"


def networks(named: Iterable[str]) -> tuple[Network, ...]:
    """Proxies as addresses or networks. Raises ValueError, which names the wrong one."""
    return tuple(ip_network(one, strict=False) for one in named)


def client(peer: str | None, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """`peer` of the socket; `forwarded` are the values of all X-Forwarded-For, in order."""
    here = _parse(peer or "")
    if here is None:
        return NOBODY
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    while hops and _known(here, proxies):
        before = _parse(hops.pop())
        if before is None:
            break  # a proxy of ours passed on nonsense: itself is all we know
        here = before
    return str(here)


def bucket(address: str) -> str:
    """What limits count by: the address; of IPv6 the /64, which is one house."""
    one = _parse(address)
    return str(ip_network((one, 64), strict=False)) if isinstance(one, IPv6Address) else address


def _known(here: Address, proxies: Sequence[Network]) -> bool:
    return any(here.version == one.version and here in one for one in proxies)


def _parse(text: str) -> Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
