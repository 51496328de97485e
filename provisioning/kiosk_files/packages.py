"""Debian packages of a kiosk. The table of files is useless without them; --check names what lacks.

Installed by a person or the installer, never by us.
"""

from typing import Final

ALWAYS: Final = (
    "python3",
    "python3-venv",
    "chromium",
    "fonts-dejavu-core",
    "libgl1-mesa-dri",
    "cups",
    "cups-client",
    "cups-filters",
    "ipp-usb",
    "nftables",
    "systemd-timesyncd",
    "unattended-upgrades",
    "udev",
    "dbus",
    "polkitd",
    "alsa-utils",
    "ca-certificates",
)
DISPLAY: Final = {
    "wayland": ("sway", "seatd", "grim"),
    "x11": (
        "xserver-xorg-core",
        "xserver-xorg-input-libinput",
        "x11-xserver-utils",
        "xauth",
    ),
}


def packages(display: str) -> tuple[str, ...]:
    return (*ALWAYS, *DISPLAY[display])
