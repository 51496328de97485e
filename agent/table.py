"""The visible table of probes: name -> how it is made from its options in agent.toml.

To add a probe: write its file, add one line to PROBES. A probe's module is imported only when the
probe is configured: on a kiosk without a printer its code costs no memory.
"""

# ruff: noqa: PLC0415 - see above

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from agent.config import BadConfig, Options
from agent.probes.base import Probe

Factory = Callable[..., Probe]


def system(**options: Any) -> Probe:
    from agent.probes.system import SystemProbe

    return SystemProbe(**options)


def disk(**options: Any) -> Probe:
    from agent.probes.disk import DiskProbe

    return DiskProbe(**options)


def network(*, root: str = "/", **options: Any) -> Probe:
    from agent.probes.network import NetworkProbe

    return NetworkProbe(Path(root), **options)


def temperature(*, root: str = "/", **options: Any) -> Probe:
    from agent.probes.temperature import TemperatureProbe

    return TemperatureProbe(Path(root), **options)


def power(*, root: str = "/", ups: str = "", **options: Any) -> Probe:
    """`ups`: the name of an uninterruptible supply that the local NUT daemon knows."""
    from agent.probes.power import PowerProbe

    if not ups:
        return PowerProbe(Path(root), **options)
    from agent.probes.power_nut import NutUps

    return PowerProbe(Path(root), ups=NutUps(ups), **options)


def screen(
    *,
    root: str = "/",
    width: int = 0,
    height: int = 0,
    touch: bool = False,
    moves_within_s: float | None = None,
    **options: Any,
) -> Probe:
    """`width`, `height`: what is expected; `touch`: there must be one.

    A picture that stands still for longer than `moves_within_s` is frozen. The other options name
    the display server, as the environment of this process would.
    """
    from agent.probes.screen import Expected, ScreenProbe, display_server

    expected = Expected((width, height) if width else None, touch, moves_within_s)
    named = {
        "display": os.environ.get("DISPLAY", ""),
        "xauthority": os.environ.get("XAUTHORITY", ""),
        "wayland": os.environ.get("WAYLAND_DISPLAY", ""),
        "runtime_dir": os.environ.get("XDG_RUNTIME_DIR", ""),
    }
    server = display_server(**(named | options))
    return ScreenProbe(Path(root), server, expected=expected)


def browser(**options: Any) -> Probe:
    """`port`: Chromium's debugging port; `expected`: the address the kiosk must show."""
    from agent.probes.browser import Browser

    return Browser(**options)


def portal(**options: Any) -> Probe:
    from agent.probes.portal import Portal

    return Portal(**options)


def printer(**options: Any) -> Probe:
    """`uri`: the device itself, ipp://..."""
    from agent.probes.printer_ipp import IppPrinter

    return IppPrinter(**options)


def queue(**options: Any) -> Probe:
    """`uri`: the queue at the local print server, ipp://localhost/printers/..."""
    from agent.probes.queue import PrintQueue

    return PrintQueue(**options)


def receipt(**options: Any) -> Probe:
    """`address`: host:port or a path such as /dev/usb/lp0."""
    from agent.probes.printer_escpos import EscposPrinter

    return EscposPrinter(**options)


def content(*, status: str = "/var/lib/anjungan/content/status.json") -> Probe:
    """`status`: the file of the child that installs releases."""
    from agent.probes.content import ContentProbe

    return ContentProbe(Path(status))


def submission(*, tray: str = "/var/lib/anjungan-portal/tray") -> Probe:
    """`tray`: the folder in which the portal keeps what citizens handed in."""
    from agent.probes.submission import SubmissionProbe

    return SubmissionProbe(Path(tray))


PROBES: Final[Mapping[str, Factory]] = {
    "system": system,
    "disk": disk,
    "network": network,
    "temperature": temperature,
    "power": power,
    "screen": screen,
    "browser": browser,
    "portal": portal,
    "printer": printer,
    "queue": queue,
    "receipt": receipt,
    "content": content,
    "submission": submission,
}


def make(options: Mapping[str, Options]) -> list[Probe]:
    """The probes of a configuration. Raises BadConfig that names the one that cannot be made."""
    return [_make(name, given) for name, given in options.items()]


def _make(name: str, options: Options) -> Probe:
    factory = PROBES.get(name)
    if factory is None:
        raise BadConfig(f"[probes.{name}]: there is no such probe; known are {', '.join(PROBES)}")
    try:
        return factory(**options)
    except (TypeError, ValueError, ImportError) as error:
        raise BadConfig(f"[probes.{name}]: {error}") from error
