"""A played machine: the few kernel files that probes read, under a folder of its own.

Owns everything below `path` and nothing outside. Each file is replaced in one step, as the kernel
does it, so that a probe looking at the same moment never reads half a file.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

PANEL: Final = "sys/class/backlight/intel_backlight"
MOST_LIGHT: Final = 255
_TOUCH_SCREEN: Final = """\
I: Bus=0003 Vendor=0eef Product=0001 Version=0110
N: Name="eGalax Inc. USB TouchController"
H: Handlers=mouse0 event4
B: PROP=2
B: EV=b
B: KEY=400 0 0 0 0 0
B: ABS=260800000000003

"""
_KEYBOARD: Final = """\
I: Bus=0003 Vendor=046d Product=c31c Version=0110
N: Name="Logitech USB Keyboard"
H: Handlers=sysrq kbd event0
B: PROP=0
B: EV=120013
B: KEY=1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe

"""


class SysRoot:
    """Starts as a bare mini computer: no screen, no sensor, no battery; each method adds one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.touch(present=False)
        self.route("eth0", "192.0.2.1")

    @classmethod
    def at(cls, path: Path) -> "SysRoot":
        """One that is there already, as it is."""
        found = cls.__new__(cls)
        found.path = path
        return found

    @property
    def brightness(self) -> int:
        """Percent of what the panel can; setting it leaves a dark panel dark."""
        return round(100 * int(self._read(f"{PANEL}/brightness")) / MOST_LIGHT)

    @brightness.setter
    def brightness(self, percent: int) -> None:
        light = str(max(1, round(MOST_LIGHT * percent / 100)))
        self._write(f"{PANEL}/brightness", light)
        if self._read(f"{PANEL}/bl_power") == "0":
            self._write(f"{PANEL}/actual_brightness", light)

    @property
    def volume(self) -> int:
        """Percent. No kernel file: what a mixer would keep."""
        return int(self._read("var/lib/volume", "70"))

    @volume.setter
    def volume(self, percent: int) -> None:
        self._write("var/lib/volume", str(percent))

    def connector(
        self,
        name: str = "HDMI-A-1",
        *,
        connected: bool = True,
        lit: bool = True,
        modes: Iterable[str] = ("1920x1080", "1280x720"),
    ) -> None:
        """A video output as the DRM driver tells of it."""
        folder = f"sys/class/drm/card0-{name}"
        self._write(f"{folder}/status", "connected" if connected else "disconnected")
        self._write(f"{folder}/enabled", "enabled" if connected and lit else "disabled")
        self._write(f"{folder}/dpms", "On" if lit else "Off")
        self._write(f"{folder}/modes", "\n".join(modes) if connected else "")

    def backlight(self, *, on: bool = True) -> None:
        light = self._read(f"{PANEL}/brightness", "200")
        self._write(f"{PANEL}/bl_power", "0" if on else "4")
        self._write(f"{PANEL}/max_brightness", str(MOST_LIGHT))
        self._write(f"{PANEL}/brightness", light)
        self._write(f"{PANEL}/actual_brightness", light if on else "0")

    def temperature(self, celsius: float, chip: str = "coretemp", label: str = "Package") -> None:
        folder = f"sys/class/hwmon/{chip}"
        self._write(f"{folder}/name", chip)
        self._write(f"{folder}/temp1_label", label)
        self._write(f"{folder}/temp1_input", str(round(celsius * 1000)))

    def thermal_zone(self, celsius: float, kind: str = "cpu-thermal") -> None:
        self._write("sys/class/thermal/thermal_zone0/type", kind)
        self._write("sys/class/thermal/thermal_zone0/temp", str(round(celsius * 1000)))

    def undervoltage(self, *, alarm: bool) -> None:
        self._write("sys/class/hwmon/rpi_volt/name", "rpi_volt")
        self._write("sys/class/hwmon/rpi_volt/in0_lcrit_alarm", str(int(alarm)))

    def mains(self, *, online: bool) -> None:
        self._write("sys/class/power_supply/AC/type", "Mains")
        self._write("sys/class/power_supply/AC/online", str(int(online)))

    def battery(self, percent: int, status: str, *, scope: str = "System") -> None:
        """`status` in the kernel's words: Charging, Discharging, Full, Not charging."""
        folder = f"sys/class/power_supply/BAT-{scope}"
        self._write(f"{folder}/type", "Battery")
        self._write(f"{folder}/scope", scope)
        self._write(f"{folder}/capacity", str(percent))
        self._write(f"{folder}/status", status)

    def touch(self, *, present: bool) -> None:
        self._write("proc/bus/input/devices", _KEYBOARD + (_TOUCH_SCREEN if present else ""))

    def route(self, interface: str, gateway: str | None) -> None:
        """The default route by `gateway`; None leaves only the route to the neighbours."""
        lines = ["Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT"]
        if gateway is not None:
            there = bytes(int(part) for part in reversed(gateway.split("."))).hex().upper()
            lines.append(f"{interface} 00000000 {there} 0003 0 0 0 00000000 0 0 0")
        lines.append(f"{interface} 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0")
        self._write("proc/net/route", "\t\n".join(lines).replace(" ", "\t"))

    def remove(self, part: str) -> None:
        """Takes away a file or folder, such as `sys/class/drm`: the device is gone."""
        target = self.path / part
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)

    def raw(self, file: str, content: str) -> None:
        """Any file with any content: for what a driver should never say, and says."""
        self._write(file, content)

    def _read(self, file: str, default: str = "0") -> str:
        target = self.path / file
        return target.read_text("utf-8").strip() if target.exists() else default

    def _write(self, file: str, content: str) -> None:
        target = self.path / file
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        fresh.write_text(content + "\n", encoding="utf-8")
        fresh.replace(target)
