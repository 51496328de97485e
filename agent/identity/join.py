"""`anjungan join URL CODE`: a new kiosk becomes one of ours, in one line typed once.

Owns the order: an identity first, then agent.toml, then the proof that the office knows us. Every
step may be cut and the same line typed again. Never replaces an identity that works unless told to.
"""

import argparse
import os
import stat
import sys
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from agent.config import BadConfig, parse
from agent.folders import Busy
from agent.identity import life
from agent.identity.asker import Patience, Refused, Unreachable
from agent.identity.door import Clock
from agent.identity.keys import BadGrant
from agent.identity.renew import DONE, LATER, MUST_ACT, wall_ms
from agent.identity.slots import Slot, Slots
from agent.identity.written import CannotEdit, Settings, edited
from wire.door import BrokerPlace
from wire.invitation import Invitation
from wire.invitation import parse as parse_code

CONFIG: Final = Path("/etc/anjungan/agent.toml")
STATE: Final = Path("/var/lib/anjungan")
WHO: Final = {
    "technician": "Yang harus bertindak: teknisi / To act: the technician",
    "office": "Yang harus bertindak: kantor / To act: the office",
    "kiosk": "Coba lagi / Try again",
}
WELCOME: Final = """\
Anjungan ini sekarang {kiosk}. Langkah berikut: mulai ulang agen, lalu lihat di konsol.
This kiosk is now {kiosk}. Next: restart the agent, then look at the console.
    systemctl restart anjungan-agent
"""
NO_POLICY: Final = """\
Kantor belum punya kebijakan perintah: anjungan ini belum menerima perintah.
The office has no policy for commands yet: until it has, this kiosk takes none.
"""


class TakenAlready(Exception):  # noqa: N818 - says what happened
    """The kiosk has an identity and another code was typed: the technician must say --force."""


def main(arguments: Sequence[str] | None = None) -> int:
    given = _arguments(arguments)
    try:
        invitation = parse_code(" ".join(given.code))
        state = given.state or _state_of(given.config)
        slots = Slots(state)
        with slots.locked():
            slot = join(slots, given.url, invitation, Patience(), force=given.force)
        write_config(given.config, state, slot)  # as whoever typed: it is not the agent's to write
        with slots.locked():
            _confirm(slots, slot)
    except Refused as refused:
        return _say(f"{refused.detail} ({refused.code})\n{WHO.get(refused.who, '')}", MUST_ACT)
    except (Unreachable, Busy) as error:
        return _say(f"{error}\nKetik baris yang sama lagi / Type the same line again", LATER)
    except (BadGrant, BadConfig, CannotEdit, TakenAlready, OSError, ValueError) as error:
        return _say(str(error), MUST_ACT)
    sys.stdout.write(WELCOME.format(kiosk=slot.about.kiosk))
    if not slot.policy.exists():
        sys.stdout.write(NO_POLICY)
    return DONE


def join(
    slots: Slots,
    url: str,
    invitation: Invitation,
    patience: Patience,
    *,
    force: bool = False,
    wall_ms: Callable[[], int] = wall_ms,
) -> Slot:
    """The identity of this code: the one that is there, or a new one. Raises as `life.enrol`."""
    slot = slots.current()
    if slot is not None and slot.about.invitation == invitation.token_sha256:
        return slot
    if slot is not None and not force and not slots.state().needs_code:
        raise TakenAlready(
            f"this kiosk is {slot.about.kiosk} already: --force makes it another, and ends that"
        )
    return life.enrol(slots, url, invitation, wall_ms, patience)


def write_config(path: Path, state: Path, slot: Slot) -> None:
    """What the agent must know, in the file a technician may have written. Replaces it whole.

    It stays whose it was, and as open as it was. Raises CannotEdit, BadConfig, OSError.
    """
    old = path.read_text("utf-8") if path.exists() else ""
    new = edited(old, settings(slot.about.kiosk, state, slot.about.door, slot.about.broker))
    parse(tomllib.loads(new))
    if new == old:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    with temporary.open("x", encoding="utf-8") as file:
        _as_before(path, file.fileno())
        file.write(new)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _as_before(path: Path, new: int) -> None:
    """The mode and, where we may, the owner of the file that is replaced."""
    if not path.exists():
        os.fchmod(new, 0o644)  # no secret is in it, and the agent must be able to read it
        return
    old = path.stat()
    with suppress(PermissionError):
        os.fchown(new, old.st_uid, old.st_gid)
    os.fchmod(new, stat.S_IMODE(old.st_mode))


def settings(kiosk: str, state: Path, door: str, broker: BrokerPlace) -> Settings:
    """As written into agent.toml; certificates and keys are found by themselves below `state`."""
    return {
        "": {"kiosk": kiosk, "state_dir": str(state.absolute())},
        "door": {"url": door},
        "broker": {
            "host": broker.host,
            "port": broker.port,
            "plain": None if broker.tls else True,
            "ca": None,
            "cert": None,
            "key": None,
        },
    }


def _confirm(slots: Slots, slot: Slot) -> None:
    door = life.door_of(slot, Clock(wall_ms, slots.state().clock_off_ms), Patience())
    life.confirm(slots, slot, door)
    life.take_missing(slots, slot, door)  # a line typed again, when the office has one by now


def _state_of(config: Path) -> Path:
    """Where this kiosk keeps its memory already, else where a new one does."""
    try:
        return Path(tomllib.loads(config.read_text("utf-8"))["state_dir"])
    except (OSError, ValueError, KeyError, TypeError):
        return STATE


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="anjungan join", description=__doc__.split("\n")[0])
    parser.add_argument("url", help="the office's door: https://HOST:PORT")
    parser.add_argument("code", nargs="+", help="as the office gave it; spaces do not matter")
    parser.add_argument("--config", type=Path, default=CONFIG, help=f"default {CONFIG}")
    parser.add_argument("--state", type=Path, help=f"default: as configured, or {STATE}")
    parser.add_argument("--force", action="store_true", help="replace a working identity")
    return parser.parse_intermixed_args(arguments)


def _say(text: str, code: int) -> int:
    sys.stderr.write(f"{text.strip()}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
