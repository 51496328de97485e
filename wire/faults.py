"""The fault catalogue: what can be wrong, how bad it is, and what it means to whom.

Owns the list of devices and the order of severities. Device files hold codes and texts; kiosks
report codes, the office's judge opens and clears faults by the times given there. To add a fault,
add an entry to its device's file; to add a device, add one line to DEVICES.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wire.catalogue import (
    browser,
    content,
    disk,
    kiosk,
    network,
    portal,
    power,
    printer,
    queue,
    receipt,
    screen,
    submission,
    system,
    temperature,
)
from wire.catalogue.entry import Entry, Severity, Text2

__all__ = ["CATALOGUE", "DEVICES", "SEVERITIES", "Entry", "Severity", "Text2"]

SEVERITIES: Final[tuple[Severity, ...]] = ("info", "warn", "fail", "critical")
"""From the mildest to the worst. A device with a `fail` or `critical` code does not work."""

DEVICES: Final[Mapping[str, tuple[Entry, ...]]] = MappingProxyType(
    {
        "screen": screen.ENTRIES,
        "browser": browser.ENTRIES,
        "portal": portal.ENTRIES,
        "content": content.ENTRIES,
        "printer": printer.ENTRIES,
        "queue": queue.ENTRIES,
        "receipt": receipt.ENTRIES,
        "submission": submission.ENTRIES,
        "system": system.ENTRIES,
        "disk": disk.ENTRIES,
        "network": network.ENTRIES,
        "temperature": temperature.ENTRIES,
        "power": power.ENTRIES,
        "kiosk": kiosk.ENTRIES,
    }
)

CATALOGUE: Final[Mapping[str, Entry]] = MappingProxyType(
    {entry.code: entry for entries in DEVICES.values() for entry in entries}
)
