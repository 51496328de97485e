"""Mains, battery and brown-out, from /sys/class/power_supply, hwmon and optionally NUT.

A board that can tell of its brown-outs (`in0_lcrit_alarm`) tells for a moment only, often between
two looks; one that was seen counts for ten minutes. Batteries of mice and keyboards are ignored.
A machine that knows nothing of its power is `unknown`, not `on mains`.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, Literal, NamedTuple

from agent.probes import sysfs
from agent.probes.base import Clock, Facts, Finding, cannot_tell, found
from agent.probes.threshold import Threshold

Source = Literal["mains", "battery", "unknown"]

BROWN_OUT_HOLD_S: Final = 600.0


class Supply(NamedTuple):
    """What feeds the kiosk; `low` when the supply itself says it will not last."""

    source: Source
    battery_percent: int | None
    low: bool = False


class PowerProbe:
    """`ups` asks an uninterruptible supply, if there is one; see power_nut."""

    name = "power"
    period_s = 30.0
    timeout_s = 5.0
    confirm = 1
    bands: Mapping[str, float] = {"battery_percent": 5}

    def __init__(
        self,
        root: Path = Path("/"),
        clock: Clock = time.monotonic,
        ups: Callable[[], Supply] | None = None,
        battery_low: float = 20,
    ) -> None:
        self._root = root
        self._clock = clock
        self._ups = ups
        # Counted as what is missing, so that "low" is "over" like every other limit.
        self._spent = Threshold(100 - battery_low, 95 - battery_low)
        self._browned_out: float | None = None

    def observe(self) -> Finding:
        supply = self._ups() if self._ups else sysfs_supply(self._root)
        undervoltage = self._undervoltage()
        facts: Facts = {
            "source": supply.source,
            "battery_percent": supply.battery_percent,
            "undervoltage": undervoltage,
        }
        codes = self._codes(supply, undervoltage)
        if supply.source == "unknown" and undervoltage is None:
            return cannot_tell("this machine does not tell what feeds it", facts)
        return found(facts, codes, _why(codes, supply))

    def _codes(self, supply: Supply, undervoltage: bool | None) -> list[str]:  # noqa: FBT001
        on_battery = supply.source == "battery"
        percent = supply.battery_percent
        spent = self._spent.over(None if percent is None else 100 - percent)
        return [
            code
            for code, is_so in (
                ("power.on_battery", on_battery),
                ("power.battery_low", on_battery and (supply.low or spent)),
                ("power.undervoltage", undervoltage),
            )
            if is_so
        ]

    def _undervoltage(self) -> bool | None:
        chips = sysfs.folders(self._root / "sys/class/hwmon")
        alarms = [sysfs.number(chip / "in0_lcrit_alarm") for chip in chips]
        if 1 in alarms:
            self._browned_out = self._clock()
        held = self._browned_out
        if held is not None and self._clock() - held <= BROWN_OUT_HOLD_S:
            return True
        return False if 0 in alarms else None


def sysfs_supply(root: Path) -> Supply:
    """What the kernel tells; mains that is online wins over a battery that is charging."""
    mains: list[bool] = []
    batteries: list[tuple[str, int | None]] = []
    for folder in sysfs.folders(root / "sys/class/power_supply"):
        kind = sysfs.text(folder / "type")
        if kind in ("Mains", "USB"):
            mains.append(sysfs.number(folder / "online") == 1)
        elif kind in ("Battery", "UPS") and _feeds_the_machine(folder):
            batteries.append((sysfs.text(folder / "status") or "", _percent(folder)))
    percents = [percent for _, percent in batteries if percent is not None]
    return Supply(
        _source(mains, [status for status, _ in batteries]), min(percents) if percents else None
    )


def _source(mains: Iterable[bool], batteries: Iterable[str]) -> Source:
    if any(mains):
        return "mains"
    statuses = set(batteries)
    if "Discharging" in statuses:
        return "battery"
    return "mains" if statuses & {"Charging", "Full", "Not charging"} else "unknown"


def _feeds_the_machine(folder: Path) -> bool:
    return sysfs.text(folder / "scope") != "Device" and sysfs.number(folder / "present") != 0


def _percent(folder: Path) -> int | None:
    percent = sysfs.number(folder / "capacity")
    return percent if percent is not None and 0 <= percent <= 100 else None


def _why(codes: list[str], supply: Supply) -> str:
    left = "" if supply.battery_percent is None else f", {supply.battery_percent} % left"
    said = {
        "power.on_battery": f"running on battery{left}",
        "power.battery_low": "battery nearly empty",
        "power.undervoltage": "the supply voltage fell too low",
    }
    return "; ".join(said[code] for code in codes)
