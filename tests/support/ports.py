"""Ports for tests: each worker of a run has a part of its own, and gives none twice.

What starts a server is told its port some time before it listens there. Were ports drawn by lot
as the product's, two tests of four workers would be given the same one every few dozen runs.
"""

import os
import socket
from contextlib import suppress
from itertools import cycle
from secrets import randbelow

from broker_config.knock import PORTS


class Ports:
    """Of worker `mine` (from 0) among `workers`; begins anywhere, for other runs go on beside."""

    def __init__(self, mine: int, workers: int) -> None:
        part = PORTS[mine::workers]
        self._parts = len(part)
        begin = randbelow(self._parts)
        self._next = cycle([*part[begin:], *part[:begin]])

    def free(self, host: str = "127.0.0.1") -> int:
        """One that nobody listens on, and that nobody here is given for a long time after."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for _ in range(self._parts):
            port: int = next(self._next)
            with socket.socket(family) as probe, suppress(OSError):
                probe.bind((host, port))
                return port
        raise OSError("no port is free")


free_port = Ports(
    int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")),
    int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")),
).free
