"""The played machine itself: that it is what it claims, and stays in its folder."""

from pathlib import Path

from provisioning.players.devices.sysroot import SysRoot


def test_a_fresh_machine_has_no_screen_no_sensor_and_no_battery(tmp_path: Path) -> None:
    SysRoot(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["proc"]


def test_a_changed_device_leaves_no_half_written_file_behind(tmp_path: Path) -> None:
    machine = SysRoot(tmp_path)
    machine.temperature(40)
    machine.temperature(95.5)
    chip = tmp_path / "sys/class/hwmon/coretemp"
    assert {p.name for p in chip.iterdir()} == {"name", "temp1_label", "temp1_input"}
    assert (chip / "temp1_input").read_text() == "95500\n"


def test_a_removed_device_is_gone_and_removing_it_twice_is_no_error(tmp_path: Path) -> None:
    machine = SysRoot(tmp_path)
    machine.connector()
    machine.remove("sys/class/drm")
    machine.remove("sys/class/drm")
    assert not (tmp_path / "sys/class/drm").exists()
