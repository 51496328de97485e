"""Fixtures: the simulated devices of the players, on one shared loop."""

from collections.abc import Callable, Iterator

import pytest

from provisioning.players.devices.cdp_browser import CdpDevice
from provisioning.players.devices.device import Device, DeviceLoop
from provisioning.players.devices.escpos_printer import EscposDevice
from provisioning.players.devices.ipp_printer import IppDevice
from provisioning.players.devices.portal import PortalDevice


@pytest.fixture(scope="session")
def device_loop() -> Iterator[DeviceLoop]:
    loop = DeviceLoop()
    yield loop
    loop.close()


@pytest.fixture
def keep() -> Iterator[Callable[[Device], None]]:
    """Hand it a device: it is closed at the end of the test."""
    kept: list[Device] = []
    yield kept.append
    for device in kept:
        device.close()


@pytest.fixture
def ipp_device(device_loop: DeviceLoop, keep: Callable[[Device], None]) -> IppDevice:
    keep(device := IppDevice(device_loop))
    return device


@pytest.fixture
def escpos_device(device_loop: DeviceLoop, keep: Callable[[Device], None]) -> EscposDevice:
    keep(device := EscposDevice(device_loop))
    return device


@pytest.fixture
def cdp_device(device_loop: DeviceLoop, keep: Callable[[Device], None]) -> CdpDevice:
    keep(device := CdpDevice(device_loop, "http://127.0.0.1:8080/"))
    return device


@pytest.fixture
def portal_device(device_loop: DeviceLoop, keep: Callable[[Device], None]) -> PortalDevice:
    keep(device := PortalDevice(device_loop))
    return device
