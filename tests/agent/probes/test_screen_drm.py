"""The screen as the kernel's driver tells of it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.probes.screen_drm import DrmScreen, backlit, connectors, first_mode
from agent.probes.screen_look import NoScreen
from provisioning.players.devices.sysroot import SysRoot


@pytest.fixture
def machine(tmp_path: Path) -> SysRoot:
    return SysRoot(tmp_path)


def look(machine: SysRoot, connector: str = "") -> tuple[object, ...]:
    return DrmScreen(machine.path, connector).look(sample=True)


def test_a_screen_that_is_driven_is_connected_and_lit_without_picture(machine: SysRoot) -> None:
    machine.connector()
    assert look(machine) == ("drm", True, True, 1920, 1080, None)


def test_a_pulled_cable_is_disconnected(machine: SysRoot) -> None:
    machine.connector(connected=False, lit=False)
    assert look(machine) == ("drm", False, False, None, None, None)


def test_a_screen_put_to_sleep_is_dark(machine: SysRoot) -> None:
    machine.connector(lit=False)
    assert look(machine)[1:3] == (True, False)


def test_a_panel_without_light_is_dark(machine: SysRoot) -> None:
    machine.connector("eDP-1")
    machine.backlight(on=False)
    assert look(machine)[1:3] == (True, False)
    machine.backlight(on=True)
    assert look(machine)[1:3] == (True, True)


def test_of_several_sockets_the_one_in_use_counts(machine: SysRoot) -> None:
    machine.connector("DP-1", connected=False, lit=False)
    machine.connector("HDMI-A-2", modes=["1280x1024"])
    machine.connector("Writeback-1", connected=False)
    assert look(machine) == ("drm", True, True, 1280, 1024, None)
    assert look(machine, "DP-1")[1] is False
    assert len(connectors(machine.path)) == 2


def test_a_machine_without_graphics_output_has_no_screen(machine: SysRoot) -> None:
    with pytest.raises(NoScreen, match="no graphics output"):
        look(machine)


def test_a_named_socket_that_is_not_there_is_no_screen(machine: SysRoot) -> None:
    machine.connector()
    with pytest.raises(NoScreen, match="no connector VGA-1"):
        look(machine, "VGA-1")


def test_a_driver_that_does_not_say_is_not_known(machine: SysRoot) -> None:
    machine.raw("sys/class/drm/card1-VGA-1/status", "unknown")
    machine.raw("sys/class/drm/card1-VGA-1/enabled", "enabled")
    assert look(machine) == ("drm", None, None, None, None, None)


def test_a_machine_without_panel_light_is_neither_lit_nor_dark(machine: SysRoot) -> None:
    assert backlit(machine.path) is None


@given(st.text(max_size=40))
def test_any_text_is_a_mode_or_none(text: str) -> None:
    mode = first_mode(text)
    assert mode is None or min(mode) >= 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.sampled_from(["status", "enabled", "dpms", "modes"]), st.binary(max_size=30))
def test_a_driver_may_say_anything(machine: SysRoot, file: str, said: bytes) -> None:
    machine.connector()
    (machine.path / "sys/class/drm/card0-HDMI-A-1" / file).write_bytes(said)
    backend, connected, lit, *_ = look(machine)
    assert backend == "drm"
    assert {connected, lit} <= {True, False, None}
