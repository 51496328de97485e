"""The screen as the kernel's display driver tells of it, under a root: plugged in and powered.

Sees no pixels, and a television in stand-by still counts as connected: what this says is that the
machine drives a screen, not that a person could read it. Writes nothing, so it wakes nothing.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from agent.probes import sysfs
from agent.probes.screen_look import Look, NoScreen

_CONNECTOR: Final = re.compile(r"card\d+-(?!Writeback)(.+)")
_MODE: Final = re.compile(r"(\d{2,5})x(\d{2,5})i?")


class Connector(NamedTuple):
    name: str
    connected: bool | None
    lit: bool | None
    mode: tuple[int, int] | None  # the one the screen prefers, not always the one in use


class DrmScreen:
    """`connector` names one, such as HDMI-A-1, when only that one counts."""

    def __init__(self, root: Path = Path("/"), connector: str = "") -> None:
        self._root = root
        self._wanted = connector

    def look(self, *, sample: bool) -> Look:
        """Never has a picture, whatever is asked."""
        del sample
        found = connectors(self._root)
        counted = [c for c in found if not self._wanted or c.name == self._wanted]
        if not counted:
            missing = f"connector {self._wanted}" if self._wanted and found else "graphics output"
            raise NoScreen(f"the kernel knows no {missing}")
        best = max(counted, key=lambda c: (_rank(c.connected), _rank(c.lit)))
        lit = best.lit if backlit(self._root) is not False else False
        width, height = best.mode or (None, None)
        return Look("drm", best.connected, lit, width, height)


def connectors(root: Path) -> list[Connector]:
    """Every socket a screen can be plugged into."""
    return [
        _connector(match[1], folder)
        for folder in sysfs.folders(root / "sys/class/drm")
        if (match := _CONNECTOR.fullmatch(folder.name))
    ]


def backlit(root: Path) -> bool | None:
    """Whether any panel's light is on; None when no panel has a light the kernel knows."""
    panels = sysfs.folders(root / "sys/class/backlight")
    powers = [p for p in (sysfs.number(panel / "bl_power") for panel in panels) if p is not None]
    return 0 in powers if powers else None


def first_mode(modes: str) -> tuple[int, int] | None:
    """Width and height of the first line of `modes`; None when there is no sense in it."""
    match = _MODE.fullmatch(modes.partition("\n")[0].strip())
    return (int(match[1]), int(match[2])) if match and modes.isascii() else None


def _connector(name: str, folder: Path) -> Connector:
    status = sysfs.text(folder / "status")
    enabled = sysfs.text(folder / "enabled")
    dpms = sysfs.text(folder / "dpms")
    return Connector(
        name=name,
        connected={"connected": True, "disconnected": False}.get(status or ""),
        lit=_all_known([_is(enabled, "enabled"), _is(dpms, "On")]),
        mode=first_mode(sysfs.text(folder / "modes") or ""),
    )


def _is(said: str | None, word: str) -> bool | None:
    return None if not said else said == word


def _all_known(values: Iterable[bool | None]) -> bool | None:
    """False if any is False, else None if any is not known."""
    known = set(values)
    return False if False in known else None if None in known else True


def _rank(value: bool | None) -> int:  # noqa: FBT001 - a state of three values, no switch
    return {True: 2, None: 1, False: 0}[value]
