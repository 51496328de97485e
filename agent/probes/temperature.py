"""The hottest sensor of the machine, from hwmon and thermal zones under a root.

Readings that cannot be true (sensors that are not wired answer -128, 0 or 255 degrees) are left
out. A machine without a sensor is `unknown`, not cool.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from agent.probes import sysfs
from agent.probes.base import Facts, Finding, cannot_tell, found
from agent.probes.threshold import Threshold


class Warmth(NamedTuple):
    celsius: float
    sensor: str


class TemperatureProbe:
    """Limits in degrees Celsius; left again 5 degrees lower."""

    name = "temperature"
    period_s = 30.0
    timeout_s = 5.0
    confirm = 1
    bands: Mapping[str, float] = {"celsius": 3}

    def __init__(self, root: Path = Path("/"), high: float = 80, critical: float = 92) -> None:
        self._root = root
        self._high = Threshold(high, high - 5)
        self._critical = Threshold(critical, critical - 5)

    def observe(self) -> Finding:
        hottest = max(readings(self._root), default=None)
        if hottest is None:
            return cannot_tell("no temperature sensor on this machine")
        facts: Facts = {"celsius": round(hottest.celsius, 1), "sensor": hottest.sensor}
        high, critical = self._high.over(hottest.celsius), self._critical.over(hottest.celsius)
        if not (high or critical):
            return found(facts)
        code = "temperature.critical" if critical else "temperature.high"
        return found(facts, [code], f"{hottest.sensor} is at {hottest.celsius:.0f} degrees Celsius")


def readings(root: Path) -> Iterator[Warmth]:
    """Every believable sensor. hwmon is asked first: its names are better."""
    for chip in sysfs.folders(root / "sys/class/hwmon"):
        for file in sysfs.folders(chip):
            if file.name.startswith("temp") and file.name.endswith("_input"):
                yield from _believable(file, _label(chip, file.name))
    for zone in sysfs.folders(root / "sys/class/thermal"):
        if zone.name.startswith("thermal_zone"):
            yield from _believable(zone / "temp", sysfs.text(zone / "type") or zone.name)


def _believable(file: Path, sensor: str) -> Iterator[Warmth]:
    milli = sysfs.number(file)
    if milli is not None and milli != 0 and -40_000 <= milli <= 150_000:
        yield Warmth(milli / 1000, sensor[:100])


def _label(chip: Path, file: str) -> str:
    name = sysfs.text(chip / "name") or chip.name
    label = sysfs.text(chip / file.replace("_input", "_label"))
    return f"{name} {label}" if label else name
