"""The played mixer, light and compositor, run as an action runs them and read as probes read."""

import subprocess
import sys
from pathlib import Path

import pytest

from agent.probes.screen import ScreenProbe
from provisioning.players.devices.panel import main
from provisioning.players.devices.sysroot import SysRoot


@pytest.fixture
def machine(tmp_path: Path) -> SysRoot:
    made = SysRoot(tmp_path)
    made.connector()
    made.backlight()
    return made


@pytest.mark.parametrize(
    ("what", "told"), [("brightness", "current value = 40"), ("volume", "40%")]
)
def test_what_is_set_is_told(machine: SysRoot, what: str, told: str) -> None:
    module = [sys.executable, "-m", "provisioning.players.devices.panel", str(machine.path)]
    subprocess.run([*module, what, "40"], check=True, timeout=30)
    said = subprocess.run([*module, what], check=True, timeout=30, capture_output=True, text=True)
    assert said.stdout == told + "\n"


def test_a_screen_that_is_switched_is_seen_so_and_keeps_its_brightness(machine: SysRoot) -> None:
    machine.brightness = 30
    for word, lit in (("off", False), ("on", True)):
        assert main([str(machine.path), "screen", word]) == 0
        assert ScreenProbe(root=machine.path).observe().facts["lit"] is lit
    assert machine.brightness == 30


def test_nonsense_is_refused(machine: SysRoot, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(machine.path), "brightness", "much"]) == 2
    assert "usage" in capsys.readouterr().err
