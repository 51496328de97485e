"""Room for ten thousand sockets in one process: open files and source addresses.

Never raises a limit beyond what the machine's administrator allows: it says what is missing.
"""

import resource
from ipaddress import ip_address
from typing import Final

SPARE_FILES: Final = 200
# An address pair has about 28,000 ports by Linux's default; some are always waiting to close.
PER_ADDRESS: Final = 20_000


class TooManySockets(RuntimeError):  # noqa: N818 - what is so
    """The administrator must allow this process more open files."""


def room_for(sockets: int) -> int:
    """Raise the soft limit of open files as far as needed; the limit now in force."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = sockets + SPARE_FILES
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return soft
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise TooManySockets(
            f"{sockets} connections need {needed} open files, this process may have {hard}: "
            "the administrator must raise it (ulimit -Hn)"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    return needed


def source_address(number: int, host: str) -> str | None:
    """Where connection `number` to `host` should come from; None: the system may choose.

    On this machine's own network every address of 127.0.0.0/8 is ours, each with its own ports.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if address.version != 4 or not address.is_loopback:
        return None
    block = number // PER_ADDRESS
    return f"127.{block // 250}.{block % 250}.1" if block else "127.0.0.1"
