"""The agent.toml of a played kiosk, as a technician would write it: its devices and its programs.

Both read it, the agent that is played and the process that does a command. Pure. What would reach
beyond the player (the machine's sound, its light, its log, its power) is replaced by a program that
reaches the player only, and probes that would look at this machine are off.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from agent.config import Broker
from provisioning.players.body import HOME, Body
from provisioning.players.wishes import BROWSER, REBOOT

Table = Mapping[str, object]
PANEL: Final = (sys.executable, "-m", "provisioning.players.devices.panel")
SYNC_S: Final = 3_600  # sixty children of one machine every few minutes would be its only work
KEEP_FREE_MB: Final = 50  # of this machine: many kiosks share its disk
NOT_PLAYED: Final = ("system", "disk", "network")


class Kept(NamedTuple):
    """Where a player's agent keeps its state, and where what it wants of the player is put."""

    state: Path
    wishes: Path

    @property
    def releases(self) -> Path:
        """Where its releases stand."""
        return self.state.parent / "releases"

    @property
    def tray(self) -> Path:
        """What citizens handed in there."""
        return self.state.parent / "tray"

    @property
    def status(self) -> Path:
        """Of the child that installs them."""
        return self.state / "content" / "status.json"


def agent_toml(kiosk: str, kept: Kept, broker: Broker, door: str, body: Body) -> str:
    """`door` is empty for a player without an identity: then nothing can be handed in."""
    address = {name: getattr(broker, name) for name in broker.__struct_fields__}
    parts: dict[str, Table] = {
        "": {"kiosk": kiosk, "state_dir": str(kept.state)},
        "broker": address,
        **({"door": {"url": door}} if door else {}),
        "content": {"folder": str(kept.releases), "keep_free_mb": KEEP_FREE_MB},
        **({"citizens": _citizens(kept)} if door else {}),
        "probes": dict.fromkeys(NOT_PLAYED, False),
        **{f"probes.{name}": options for name, options in _probes(body).items()},
        **{f"actions.{name}": options for name, options in _actions(kiosk, kept, body).items()},
    }
    return "\n".join(_part(name, values) for name, values in parts.items())


def _citizens(kept: Kept) -> Table:
    folder = str(kept.state.parent)
    return {"tray": str(kept.tray), "notices": folder, "asks": folder, "sync_s": SYNC_S}


def _probes(body: Body) -> dict[str, Table]:
    root = str(body.root.path)
    return {
        "temperature": {"root": root},
        "power": {"root": root},
        "screen": {"root": root, "display": "", "wayland": ""},
        "browser": {"port": body.browser.port, "expected": HOME},
        "portal": {"port": body.portal.port},
        "printer": {"uri": body.printer.uri},
        "queue": {"uri": body.printer.queue_uri},
        "receipt": {"address": body.receipt.address},
    }


def _actions(kiosk: str, kept: Kept, body: Body) -> dict[str, Table]:
    panel = [*PANEL, str(body.root.path)]

    def wish(word: str) -> list[str]:
        return ["touch", str(kept.wishes / f"{kiosk}.{word}")]

    return {
        "reboot": {"run": wish(REBOOT)},
        "restart_browser": {"run": wish(BROWSER)},
        "screenshot": {"display": ["cat", str(body.display)]},
        "identify": {"beep": ["true"]},
        "set_brightness": {
            "run": [*panel, "brightness", "{percent}"],
            "read": [*panel, "brightness"],
        },
        "set_volume": {"run": [*panel, "volume", "{percent}"], "read": [*panel, "volume"]},
        "screen": {"run": [*panel, "screen", "{on}"]},
        "collect_logs": {"journal": False, "files": [str(body.log)]},
    }


def _part(name: str, values: Table) -> str:
    # What JSON calls a text, a number, a switch and a list, TOML calls the same.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([*([f"[{name}]"] if name else []), *lines, ""])
