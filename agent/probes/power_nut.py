"""An uninterruptible supply as told by NUT's `upsd` over its line protocol.

One short connection a look, no login, nothing is ever set. `parse` takes what the daemon said and
raises only NutError; a daemon that is away raises OSError. Both become `unknown` with the reason.
"""

import re
import socket
from typing import Final

from agent.dial import dial
from agent.probes.power import Supply

_MOST: Final = 65_536
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_VARIABLE: Final = re.compile(r'VAR \S+ (ups\.status|battery\.charge) "([^"]*)"')


class NutError(Exception):
    """The daemon answered, but not with the state of the supply. The kiosk's setup must act."""


class NutUps:
    """Callable for PowerProbe: asks `ups` at `host`, within `timeout_s` for each step."""

    def __init__(
        self, ups: str, host: str = "127.0.0.1", port: int = 3493, timeout_s: float = 2.0
    ) -> None:
        if not _NAME.fullmatch(ups):
            raise ValueError(f"{ups!r} is no name of a supply")
        self._address = (host, port)
        self._question = f"LIST VAR {ups}\n".encode()
        self._timeout_s = timeout_s

    def __call__(self) -> Supply:
        with dial(*self._address, self._timeout_s) as connection:
            connection.sendall(self._question)
            return parse(_read_answer(connection).decode("utf-8", "replace"))


def parse(answer: str) -> Supply:
    """The supply's state from the answer to LIST VAR; raises NutError when it holds none."""
    if answer.startswith("ERR"):
        raise NutError(f"the supply cannot be asked: {answer.splitlines()[0][:80]}")
    values: dict[str, str] = dict(_VARIABLE.findall(answer))
    flags = set(values.get("ups.status", "").split())
    percent = _percent(values.get("battery.charge", ""))
    if "OB" in flags:
        return Supply("battery", percent, low="LB" in flags)
    if "OL" in flags:
        return Supply("mains", percent)
    raise NutError(f"the supply is neither on line nor on battery: {' '.join(sorted(flags))[:80]}")


def _read_answer(connection: socket.socket) -> bytes:
    answer = b""
    while len(answer) < _MOST and b"END LIST" not in answer and not answer.startswith(b"ERR"):
        chunk = connection.recv(4096)
        if not chunk:
            break
        answer += chunk
    return answer


def _percent(text: str) -> int | None:
    whole = text.partition(".")[0]
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 3):
        return None
    return min(int(whole), 100)
