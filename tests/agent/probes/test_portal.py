"""The portal's probe. (The real portal is met in tests/portal/test_server.py.)"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from agent.probes.base import Finding
from agent.probes.portal import Health, Portal
from provisioning.players.devices.device import Device, DeviceLoop
from provisioning.players.devices.escpos_printer import EscposDevice
from provisioning.players.devices.portal import PortalDevice

Look = Callable[[], Finding]


@pytest.fixture
def look(portal_device: PortalDevice) -> Look:
    """With more patience than any machine needs: what it sees is not how busy this one is."""
    return Portal(portal_device.port, timeout_s=20, slow_ms=20_000).observe


def test_a_portal_that_answers_is_ok_with_its_version(look: Look) -> None:
    finding = look()
    assert (finding.state, finding.codes) == ("ok", ())
    assert finding.facts["answers"] is True
    assert finding.facts["version"] == "0.1.0"
    assert isinstance(finding.facts["took_ms"], float)


def test_a_slow_portal_is_told(portal_device: PortalDevice) -> None:
    portal_device.delay_s = 0.2
    finding = Portal(portal_device.port, timeout_s=20, slow_ms=100).observe()
    assert finding.codes == ("portal.slow",)
    assert finding.facts["answers"] is True


def test_a_portal_that_does_not_answer_is_down(portal_device: PortalDevice) -> None:
    portal_device.freeze()
    finding = Portal(portal_device.port, timeout_s=0.3).observe()
    portal_device.thaw()
    assert finding.codes == ("portal.down",)
    assert finding.facts == {"answers": False}


def test_a_portal_that_is_gone_is_down_and_comes_back(
    portal_device: PortalDevice, look: Look
) -> None:
    portal_device.kill()
    assert (look().state, look().codes) == ("fail", ("portal.down",))
    portal_device.start()
    assert look().state == "ok"


def test_a_portal_that_says_it_is_ill_is_down(portal_device: PortalDevice, look: Look) -> None:
    portal_device.healthy = False
    assert "503" in look().why


def test_a_portal_that_a_technician_has_closed_says_so_and_is_not_broken(
    device_loop: DeviceLoop, keep: Callable[[Device], None], tmp_path: Path
) -> None:
    file = tmp_path / "maintenance.json"
    keep(device := PortalDevice(device_loop, maintenance=file))
    look = Portal(device.port, timeout_s=20, slow_ms=20_000).observe
    assert (look().facts["maintenance"], look().codes) == (False, ())
    file.write_text("{}")
    closed = look()
    assert (closed.state, closed.codes) == ("ok", ("portal.maintenance",))
    assert (closed.facts["maintenance"], closed.why) == (True, "a technician has closed it")
    file.unlink()
    assert look().codes == ()


def test_a_portal_that_knows_no_maintenance_is_not_in_it() -> None:
    assert msgspec.json.decode(b'{"version": "0.1.0"}', type=Health) == Health("0.1.0")


def test_somebody_else_on_the_portal_s_port_is_not_the_portal(escpos_device: EscposDevice) -> None:
    finding = Portal(escpos_device.port, timeout_s=0.3).observe()
    assert finding.codes == ("portal.down",)


def test_a_version_that_is_no_text_is_not_the_portal(
    portal_device: PortalDevice, look: Look
) -> None:
    portal_device.version = 7  # type: ignore[assignment] # what a stranger would answer
    assert look().codes == ("portal.down",)
