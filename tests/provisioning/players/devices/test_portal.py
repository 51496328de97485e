"""The simulated portal beside the real one: the same question, the same form of answer."""

import json
import threading
import urllib.request
from pathlib import Path

from portal.server import PortalServer
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.devices.portal import PortalDevice


def health(port: int) -> dict[str, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        told: dict[str, str] = json.loads(answer.read())
        return told


def test_it_answers_in_the_form_of_the_real_portal(portal_device: PortalDevice) -> None:
    real = PortalServer(0, "kiosk", "1", "2026-01-01T00:00:00Z")
    thread = threading.Thread(target=real.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    assert health(real.server_port).keys() <= health(portal_device.port).keys()
    real.shutdown()
    thread.join()
    real.server_close()


def test_it_says_that_it_is_looked_after_as_long_as_the_file_is_there(
    device_loop: DeviceLoop, tmp_path: Path
) -> None:
    file = tmp_path / "maintenance.json"
    device = PortalDevice(device_loop, maintenance=file)
    assert not health(device.port)["maintenance"]
    file.touch()
    assert health(device.port)["maintenance"]
    device.close()
