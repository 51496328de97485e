"""The life of a simulated device."""

import socket
import threading
from collections.abc import Iterator

import pytest

from agent.probes.portal import Portal
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.devices.escpos_printer import EscposDevice
from provisioning.players.devices.portal import PortalDevice
from tests.support.child import listens


@pytest.fixture
def loop() -> Iterator[DeviceLoop]:
    loop = DeviceLoop()
    yield loop
    loop.close()


def test_a_killed_device_refuses_and_keeps_its_port_for_itself(device_loop: DeviceLoop) -> None:
    device = PortalDevice(device_loop)
    device.kill()
    assert not listens(device.port)
    with socket.socket() as rival, pytest.raises(OSError, match="in use"):
        rival.bind(("127.0.0.1", device.port))
    device.start()
    assert listens(device.port)
    device.close()
    assert not listens(device.port)


def test_killing_breaks_open_connections(device_loop: DeviceLoop) -> None:
    device = EscposDevice(device_loop)
    with socket.create_connection(("127.0.0.1", device.port), 2) as client:
        client.sendall(b"\x10\x04\x01")
        assert client.recv(1) == b"\x12"
        device.kill()
        assert client.recv(1) == b""
    device.close()


def test_orders_may_be_given_twice(device_loop: DeviceLoop) -> None:
    device = PortalDevice(device_loop)
    for order in (device.start, device.freeze, device.freeze, device.thaw, device.kill):
        order()
    device.kill()
    device.start()
    assert listens(device.port)
    device.close()
    device.close()


def test_a_frozen_device_accepts_and_stays_silent(device_loop: DeviceLoop) -> None:
    device = PortalDevice(device_loop)
    device.freeze()
    assert listens(device.port)
    assert "does not answer" in Portal(device.port, timeout_s=0.2).observe().why
    device.close()


def test_the_devices_of_sixty_kiosks_live_in_one_thread(loop: DeviceLoop) -> None:
    before = threading.active_count()
    devices = [PortalDevice(loop) for _ in range(240)]
    assert threading.active_count() == before
    assert len({device.port for device in devices}) == 240
    assert all(Portal(device.port).observe().state == "ok" for device in devices[::24])
    for device in devices:
        device.close()


def test_closing_the_loop_ends_what_is_still_open() -> None:
    loop = DeviceLoop()
    device = EscposDevice(loop)
    device.freeze()
    with socket.create_connection(("127.0.0.1", device.port), 2) as client:
        client.sendall(b"\x10\x04\x01")
        loop.close()
    assert loop.loop.is_closed()
