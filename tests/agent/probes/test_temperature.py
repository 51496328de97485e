"""The hottest sensor."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.probes.temperature import TemperatureProbe, readings
from provisioning.players.devices.sysroot import SysRoot


@pytest.fixture
def machine(tmp_path: Path) -> SysRoot:
    return SysRoot(tmp_path)


def test_a_machine_without_sensor_is_unknown_not_cool(machine: SysRoot) -> None:
    finding = TemperatureProbe(machine.path).observe()
    assert (finding.state, finding.facts) == ("unknown", {})
    assert finding.why == "no temperature sensor on this machine"


def test_the_hottest_of_all_sensors_is_told(machine: SysRoot) -> None:
    machine.temperature(41.4, chip="nvme", label="")
    machine.temperature(62.25)
    machine.thermal_zone(50)
    finding = TemperatureProbe(machine.path).observe()
    assert finding.state == "ok"
    assert finding.facts == {"celsius": 62.2, "sensor": "coretemp Package"}


def test_a_thermal_zone_is_enough(machine: SysRoot) -> None:
    machine.thermal_zone(47)
    facts = TemperatureProbe(machine.path).observe().facts
    assert facts == {"celsius": 47.0, "sensor": "cpu-thermal"}


def test_heat_is_told_and_released_five_degrees_lower(machine: SysRoot) -> None:
    probe = TemperatureProbe(machine.path)
    codes = []
    for celsius in (79, 80, 76, 74, 92, 88, 86, 70):
        machine.temperature(celsius)
        codes.append(probe.observe().codes)
    high, critical = ("temperature.high",), ("temperature.critical",)
    assert codes == [(), high, high, (), critical, critical, high, ()]


def test_the_reason_names_the_sensor(machine: SysRoot) -> None:
    machine.temperature(95)
    finding = TemperatureProbe(machine.path).observe()
    assert finding.why == "coretemp Package is at 95 degrees Celsius"


@pytest.mark.parametrize("nonsense", ["-128000", "255000", "0", "", "hot", "65.5", "\x00"])
def test_what_cannot_be_true_is_left_out(machine: SysRoot, nonsense: str) -> None:
    machine.temperature(50)
    machine.raw("sys/class/hwmon/broken/temp1_input", nonsense)
    assert [r.celsius for r in readings(machine.path)] == [50.0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.binary(max_size=40))
def test_a_sensor_may_say_anything(machine: SysRoot, said: bytes) -> None:
    machine.temperature(50)
    (machine.path / "sys/class/hwmon/coretemp/temp1_input").write_bytes(said)
    (machine.path / "sys/class/hwmon/coretemp/temp1_label").write_bytes(said)
    for warmth in readings(machine.path):
        assert -40 <= warmth.celsius <= 150
