"""Telling systemd that we are ready, alive, or leaving. Six lines instead of a library.

Never speaks of its own accord: a watchdog fed by a free-running thread watches nothing.
"""

import os
import socket
from collections.abc import Mapping


class Notify:
    """`watchdog_s` is how often systemd wants to hear from us, None when it does not ask."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        asked = environ.get("WATCHDOG_USEC", "")
        for_us = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self.watchdog_s = int(asked) / 1e6 if asked.isdigit() and for_us else None

    def __call__(self, state: str) -> None:
        """Sends one state such as READY=1. Silent where no systemd listens."""
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
            try:
                sock.sendto(state.encode(), address)
            except OSError:
                return
