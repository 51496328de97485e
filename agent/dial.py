"""How the resident agent calls a host by name.

Owns that a host of plain letters is handed on as bytes. As text Python would first load the tables
of international names: 0.4 MiB for as long as the agent lives, for names that nobody gave.
"""

import socket
from typing import cast


def plain(host: str) -> str:
    """The host for whoever asks the name service; bytes, whatever its type says, where it can."""
    return cast("str", host.encode("ascii")) if host.isascii() else host


def dial(host: str, port: int, timeout_s: float) -> socket.socket:
    """A connection over TCP. Raises OSError, also when the name is none."""
    return socket.create_connection((plain(host), port), timeout_s)
