"""The simulated portal beside the real one: the same question, the same form of answer."""

import json
import threading
import urllib.request
from pathlib import Path

from portal.server import PortalServer
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.devices.portal import PortalDevice
from tests.support.installing import BUNDLE, Installer, page


def health(port: int) -> dict[str, object]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        told: dict[str, object] = json.loads(answer.read())
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


def test_it_shows_the_release_that_the_real_portal_would_show(
    device_loop: DeviceLoop, bare: Installer
) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.install(1)
    device = PortalDevice(device_loop, content=bare.slots().folder)
    told = health(device.port)
    assert (told["content"], told["content_ok"]) == (1, True)
    assert device.shown().seq == 1
    (bare.slots().tree(1) / "content.json").write_text("{}", "utf-8")
    device.close()
    other = PortalDevice(device_loop, content=bare.slots().folder)
    told = health(other.port)
    assert (told["content"], told["content_shown"], told["content_ok"]) == (1, 0, False)
    other.close()
