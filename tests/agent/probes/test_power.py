"""Mains, battery and brown-out."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.probes.power import PowerProbe, Supply, sysfs_supply
from provisioning.players.devices.sysroot import SysRoot


@pytest.fixture
def machine(tmp_path: Path) -> SysRoot:
    return SysRoot(tmp_path)


def test_a_machine_that_knows_nothing_of_its_power_is_unknown(machine: SysRoot) -> None:
    finding = PowerProbe(machine.path).observe()
    assert finding.state == "unknown"
    assert finding.why == "this machine does not tell what feeds it"
    assert finding.facts == {"source": "unknown", "battery_percent": None, "undervoltage": None}


def test_mains_with_a_charging_battery_is_mains(machine: SysRoot) -> None:
    machine.mains(online=True)
    machine.battery(80, "Charging")
    finding = PowerProbe(machine.path).observe()
    assert (finding.state, finding.facts["source"]) == ("ok", "mains")
    assert finding.facts["battery_percent"] == 80


def test_a_power_cut_is_told_with_what_is_left(machine: SysRoot) -> None:
    machine.mains(online=False)
    machine.battery(64, "Discharging")
    finding = PowerProbe(machine.path).observe()
    assert finding.codes == ("power.on_battery",)
    assert finding.why == "running on battery, 64 % left"


def test_a_battery_that_runs_out_is_told_as_well(machine: SysRoot) -> None:
    machine.mains(online=False)
    machine.battery(12, "Discharging")
    finding = PowerProbe(machine.path).observe()
    assert finding.codes == ("power.on_battery", "power.battery_low")


def test_an_empty_battery_on_mains_is_no_fault(machine: SysRoot) -> None:
    machine.mains(online=True)
    machine.battery(3, "Charging")
    assert PowerProbe(machine.path).observe().state == "ok"


def test_the_battery_of_a_mouse_is_ignored(machine: SysRoot) -> None:
    machine.mains(online=True)
    machine.battery(5, "Discharging", scope="Device")
    assert sysfs_supply(machine.path) == Supply("mains", None)


def test_a_brown_out_seen_once_counts_for_ten_minutes(machine: SysRoot) -> None:
    now = 0.0
    probe = PowerProbe(machine.path, lambda: now)
    machine.undervoltage(alarm=False)
    assert probe.observe().facts["undervoltage"] is False
    machine.undervoltage(alarm=True)
    assert probe.observe().codes == ("power.undervoltage",)
    machine.undervoltage(alarm=False)
    now = 600.0
    assert probe.observe().codes == ("power.undervoltage",)
    now = 601.0
    finding = probe.observe()
    assert (finding.state, finding.facts["undervoltage"]) == ("ok", False)


def test_a_board_that_can_tell_of_brown_outs_is_ok_without_a_known_source(
    machine: SysRoot,
) -> None:
    machine.undervoltage(alarm=False)
    finding = PowerProbe(machine.path).observe()
    assert (finding.state, finding.facts["source"]) == ("ok", "unknown")


def test_an_uninterruptible_supply_is_asked_instead_of_the_kernel(machine: SysRoot) -> None:
    machine.mains(online=True)
    finding = PowerProbe(machine.path, ups=lambda: Supply("battery", 70, low=True)).observe()
    assert finding.codes == ("power.on_battery", "power.battery_low")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.binary(max_size=30), st.sampled_from(["type", "capacity", "status", "present", "scope"]))
def test_a_driver_may_say_anything(machine: SysRoot, said: bytes, where: str) -> None:
    machine.battery(50, "Discharging")
    (machine.path / "sys/class/power_supply/BAT-System" / where).write_bytes(said)
    supply = sysfs_supply(machine.path)
    assert supply.source in ("mains", "battery", "unknown")
    assert supply.battery_percent is None or 0 <= supply.battery_percent <= 100
