"""The Debian packages of a kiosk: one display server, never both."""

from provisioning.kiosk_files.packages import packages


def test_each_display_brings_its_own_server() -> None:
    assert "sway" in packages("wayland")
    assert "xserver-xorg-core" in packages("x11")
    assert not {"sway", "seatd"} & set(packages("x11"))


def test_nothing_that_calls_out_or_listens_is_asked_for() -> None:
    unwanted = {"avahi-daemon", "cups-browsed", "openssh-server", "modemmanager"}
    assert not unwanted & {*packages("wayland"), *packages("x11")}
