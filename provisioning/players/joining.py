"""How played kiosks get their identities: each makes its own key and redeems its own code.

Owns who still has none, and that not all ask at once. What a kiosk does at the door is the agent's
own code; nothing of it is played. A kiosk that gets none is played all the same, without a line.
"""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from agent.config import Broker
from agent.folders import Busy
from agent.identity import life, root
from agent.identity.asker import Patience, Refused, Unreachable
from agent.identity.door import Clock
from agent.identity.keys import BadGrant
from agent.identity.slots import AUTHORITY, CERT, KEY, Slots
from wire.invitation import BadCode, Invitation, parse, pin_of

AT_ONCE: Final = 4
SUFFIXES: Final = (".token", ".txt")


class Joining(NamedTuple):
    """The office's door, its server authority's certificate, and a folder with a code a kiosk."""

    door: str
    server_ca: Path
    codes: Path


class NoCode(Exception):  # noqa: N818 - says what happened
    """There is no code for this kiosk: whoever started the players must have one issued."""


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


def code_of(codes: Path, kiosk: str) -> Invitation:
    """The code is the last word of its file: alone, or at the end of the line to type.

    Raises NoCode.
    """
    for path in (codes / f"{kiosk}{suffix}" for suffix in SUFFIXES):
        if path.is_file():
            lines = [line.split() for line in path.read_text("utf-8").splitlines()]
            said = [words[-1] for words in lines if words and not words[0].startswith("#")]
            try:
                return parse(said[-1] if said else "")
            except BadCode as error:
                raise NoCode(f"{path}: {error}") from error
    raise NoCode(f"no code for {kiosk} in {codes}")


def enrol(joining: Joining, kiosk: str, state: Path, patience: Patience) -> bool:
    """Whether it had none and has one now. Raises NoCode, Busy, and as `life.enrol`."""
    slots = Slots(state)
    with slots.locked():
        slot = slots.current()
        if slot is not None and slots.state().used == slot.about.serial:
            if not slot.policy.exists() or not root.path_of(state).exists():
                # it joined before its office had them
                life.take_missing(slots, slot, life.door_of(slot, Clock(wall_ms), patience))
            return False
        if slot is None:
            code = code_of(joining.codes, kiosk)
            if code.pin != _pin(joining.server_ca):
                raise NoCode(f"the code of {kiosk} is of another office than {joining.server_ca}")
            slot = life.enrol(slots, joining.door, code, wall_ms, patience)
        life.confirm(slots, slot, life.door_of(slot, Clock(wall_ms), patience))
    return True


def enrol_all(
    joining: Joining,
    homes: Mapping[str, Path],
    tell: Callable[[str], object],
    stopped: Callable[[], bool] = lambda: False,
) -> Sequence[str]:
    """Kiosk -> its state folder. Those that have no identity after this, each told with why.

    Asks for no more once it is stopped.
    """

    def one(kiosk: str) -> bool:
        if stopped():
            return False
        try:
            enrol(joining, kiosk, homes[kiosk], Patience(within_s=60.0))
        except (NoCode, Refused, Unreachable, BadGrant, Busy, OSError, ValueError) as error:
            tell(f"{kiosk} has no identity: {error}")
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE, "joining") as pool:
        return [kiosk for kiosk, has in zip(homes, pool.map(one, homes), strict=True) if not has]


def _pin(server_ca: Path) -> bytes:
    return pin_of(ssl.PEM_cert_to_DER_cert(server_ca.read_text("ascii").strip()))


def broker(joining: Joining | None, port: int, state: Path) -> Broker:
    """How a played kiosk reaches its broker through its line at this port of this machine."""
    if joining is None:
        return Broker(host="127.0.0.1", port=port, reconnect_max_s=20.0)
    here = Slots(state).link
    return Broker(
        host="127.0.0.1",
        port=port,
        ca=str(here / AUTHORITY),
        cert=str(here / CERT),
        key=str(here / KEY),
        reconnect_max_s=20.0,
    )
