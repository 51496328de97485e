"""The kiosk's circumstances as text: versions, disk, memory, routes, probes, units, settings.

Every part is gathered for itself and one that fails says so. Settings are told by an allow-list of
shapes: numbers, switches and addresses without credentials; anything named like a key is left out.
"""

import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import msgspec

from agent.actions import programs
from agent.actions.base import Context, Failed
from agent.actions.looking import look_at_all

WITHIN_S: Final = 5.0
_SECRET = re.compile(r"key|pass|secret|token|cookie|cert|pin", re.IGNORECASE)
_LOGIN = re.compile(r"//[^/@\s]*@")


def lines(context: Context) -> Iterator[str]:
    parts: dict[str, Callable[[Context], Iterator[str]]] = {
        "versions": _versions,
        "disk and memory": _room,
        "network": _network,
        "probes": _probes,
        "units": _units,
        "settings": _settings,
    }
    for name, part in parts.items():
        yield f"== {name}"
        try:
            yield from part(context)
        except (Failed, OSError, ValueError) as error:
            yield f"(not known: {error})"
        context.stop.check()


def _versions(context: Context) -> Iterator[str]:
    try:
        own = version("anjungan")
    except PackageNotFoundError:
        own = "not installed"
    yield f"kiosk {context.kiosk}, anjungan {own}, Python {sys.version.split()[0]}"
    yield f"{platform.platform()}, up {_first_word('/proc/uptime')} s"


def _room(context: Context) -> Iterator[str]:
    for place in ("/", str(context.state_dir)):
        used = shutil.disk_usage(place)
        yield f"{place}: {used.free // 2**20} of {used.total // 2**20} MiB free"
    memory = Path("/proc/meminfo").read_text("ascii").splitlines()
    yield from (line for line in memory if line.startswith(("MemTotal", "MemAvailable", "Swap")))
    yield f"load {os.getloadavg()}"


def _network(context: Context) -> Iterator[str]:
    for words in (["ip", "-br", "address"], ["ip", "route"], ["ip", "-6", "route"]):
        yield from programs.run(words, context.stop, WITHIN_S).text.splitlines()


def _probes(context: Context) -> Iterator[str]:
    for name, seen in look_at_all(context).items():
        facts = json.dumps(seen.facts, sort_keys=True, default=str)
        yield f"{name}: {seen.state} {','.join(seen.codes)} {seen.why} {facts}".strip()


def _units(context: Context) -> Iterator[str]:
    words = ["systemctl", "--no-pager", "--plain", "--no-legend", "list-units", "--all"]
    ran = programs.run([*words, "anjungan-*", "cups*", "ipp-usb*"], context.stop, WITHIN_S)
    yield from ran.text.splitlines()
    if ran.code != 0:
        yield f"(systemctl: {ran.err.strip()})"


def _settings(context: Context) -> Iterator[str]:
    told = redacted(msgspec.to_builtins(context.config))
    yield from json.dumps(told, indent=1, sort_keys=True).splitlines()


def redacted(value: Any, name: str = "") -> Any:
    """The same without what opens anything."""
    if isinstance(value, dict):
        return {key: redacted(one, str(key)) for key, one in value.items()}
    if _SECRET.search(name):
        return "[left out]"
    if isinstance(value, list):
        return [redacted(one, name) for one in value]
    return _LOGIN.sub("//[left out]@", value) if isinstance(value, str) else value


def _first_word(path: str) -> str:
    return Path(path).read_text("ascii").split()[0]
