"""A played kiosk looks to the real probes like a kiosk with everything on it."""

from pathlib import Path
from random import Random

from provisioning.players.body import Body
from provisioning.players.devices.device import DeviceLoop


def test_every_probe_of_a_new_kiosk_is_well(tmp_path: Path) -> None:
    loop = DeviceLoop()
    releases, status = tmp_path / "releases", tmp_path / "status.json"
    body = Body(loop, tmp_path, ("127.0.0.1", 9), Random(7), releases=releases, status=status)
    try:
        states = {probe.name: probe.observe().state for probe in body.probes()}
        assert states == dict.fromkeys(
            (
                "system", "disk", "network", "temperature", "power", "screen",
                "browser", "portal", "printer", "queue", "receipt", "content",
            ),
            "ok",
        )  # fmt: skip
    finally:
        body.close()
        loop.close()
