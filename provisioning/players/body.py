"""Everything a played kiosk is made of, apart from the agent: the devices and the machine.

One Body a kiosk, all on one DeviceLoop. It builds the real probes over its devices and steers
nothing by itself; `mishaps.py` does.
"""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from agent.probes.base import Probe
from agent.probes.browser import Browser
from agent.probes.content import ContentProbe
from agent.probes.disk import DiskProbe
from agent.probes.network import NetworkProbe
from agent.probes.portal import Portal
from agent.probes.power import PowerProbe
from agent.probes.printer_escpos import EscposPrinter
from agent.probes.printer_ipp import IppPrinter
from agent.probes.queue import PrintQueue
from agent.probes.screen import ScreenProbe
from agent.probes.system import SystemProbe
from agent.probes.temperature import TemperatureProbe
from provisioning.players.devices import page
from provisioning.players.devices.cdp_browser import CdpDevice
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.devices.escpos_printer import EscposDevice
from provisioning.players.devices.ipp_printer import IppDevice
from provisioning.players.devices.line import Line
from provisioning.players.devices.portal import PortalDevice
from provisioning.players.devices.sysroot import SysRoot
from provisioning.players.machine import Machine

HOME = "http://127.0.0.1:8600/"
BUNDLE = "layanan"  # the one its page shows


class Body:
    """`folder` becomes the root of its /sys and /proc. `close` gives every port back.

    `name` is what its screen shows; `maintenance` the file that tells its portal to say so.
    `releases` is the folder in which its releases stand, `status` the file of its installing child.
    """

    def __init__(
        self,
        loop: DeviceLoop,
        folder: Path,
        broker: tuple[str, int],
        dice: Random,
        seconds: Callable[[], float] = time.monotonic,
        *,
        name: str = "kios",
        maintenance: Path | None = None,
        releases: Path | None = None,
        status: Path | None = None,
    ) -> None:
        self.machine = Machine(dice, seconds)
        self.celsius = round(dice.uniform(41, 56), 1)
        self.root = SysRoot(folder)
        self.root.connector()
        self.root.backlight()
        self.root.touch(present=True)
        self.root.temperature(self.celsius)
        self.root.mains(online=True)
        self.root.battery(100, "Full")
        self.printer = IppDevice(loop)
        self.receipt = EscposDevice(loop)
        self.browser = CdpDevice(loop, HOME, name)
        content = releases / BUNDLE if releases else None
        self.portal = PortalDevice(loop, maintenance=maintenance, content=content)
        self.browser.seen = lambda: page.seen(self.portal.shown())
        self._status = status
        self.line = Line(loop, *broker)
        self.display = self._keep("var/lib/display.jpg", self.browser.picture())
        self.log = self._keep("var/log/kiosk.log", f"kiosk {name} begins to be played\n".encode())

    def probes(self) -> list[Probe]:
        """The real probes of a kiosk with everything on it."""
        return [
            SystemProbe(source=self.machine.system),
            DiskProbe(source=self.machine.mounts),
            NetworkProbe(root=self.root.path, nics=self.machine.nics),
            TemperatureProbe(root=self.root.path),
            PowerProbe(root=self.root.path),
            ScreenProbe(root=self.root.path),
            Browser(self.browser.port, HOME, proc=self.root.path / "proc"),
            Portal(self.portal.port),
            IppPrinter(self.printer.uri),
            PrintQueue(self.printer.queue_uri),
            EscposPrinter(self.receipt.address),
            *([ContentProbe(self._status)] if self._status else []),
        ]

    def _keep(self, file: str, content: bytes) -> Path:
        path = self.root.path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def close(self) -> None:
        for device in (self.printer, self.receipt, self.browser, self.portal, self.line):
            device.close()
