"""What the options mean in each file; the firewall is loaded by the real nft."""

import subprocess
from pathlib import Path

import pytest

from provisioning.files.rows import File
from provisioning.kiosk_files.settings import Settings
from provisioning.kiosk_files.table import rows
from provisioning.kiosk_files.values import values


def text(name: str, settings: Settings) -> str:
    (found,) = [r.text for r in rows(settings) if isinstance(r, File) and r.path.endswith(name)]
    return found


def test_without_an_allow_list_the_browser_may_speak_to_this_machine_alone() -> None:
    settings = Settings()
    assert 'meta skuid "kiosk" oif != "lo" reject' in text("firewall.nft", settings)
    assert "IPAddressDeny=any" in text("anjungan-browser.service", settings)


def test_an_allow_list_opens_its_ports_and_no_other() -> None:
    settings = Settings(allow=("https://a.example", "http://b.example:8081/x"))
    said = text("firewall.nft", settings)
    assert "tcp dport != { 53, 443, 8081 } reject" in said
    assert "l4proto != tcp reject" in said
    assert "IPAddressDeny" not in text("anjungan-browser.service", settings)


def test_the_agent_is_told_where_the_display_server_is() -> None:
    for display, word in (("wayland", "WAYLAND_DISPLAY"), ("x11", "XAUTHORITY")):
        assert word in text("anjungan-agent.service", Settings(display=display))
        assert word.lower() in text("agent.toml", Settings(display=display)).replace(
            "wayland =", "wayland_display"
        )


def test_a_listed_device_is_let_in_and_types_only_when_said() -> None:
    listed = Settings(usb_allow=("12d1:1506",))
    assert "12d1" in values(listed)["usb_allow"]
    assert "12d1" not in values(listed)["keyboard_allow"]
    assert "12d1" in values(Settings(usb_allow=("12d1:1506",), keyboard=True))["keyboard_allow"]


@pytest.mark.parametrize("keyboard", [False, True])
def test_keys_reach_the_compositor_only_when_said(keyboard: bool) -> None:  # noqa: FBT001
    word = "enabled" if keyboard else "disabled"
    assert f"events {word}" in text("sway.conf", Settings(keyboard=keyboard))


def test_neighbours_come_from_this_network_and_only_when_said() -> None:
    assert "accept" not in values(Settings())["neighbour_input"]
    opened = values(Settings(neighbour_port=8790))["neighbour_input"].splitlines()
    assert all("saddr" in line and "dport 8790" in line for line in opened)


def test_a_reboot_is_after_the_upgrade(tmp_path: Path) -> None:
    said = text("52anjungan", Settings(upgrade_at="23:30"))
    assert 'Automatic-Reboot-Time "01:00"' in said
    (tmp_path / "one").write_text(said)
    dump = subprocess.run(
        ["apt-config", "dump"], env={"APT_CONFIG": str(tmp_path / "one"), "PATH": "/usr/bin:/bin"},
        check=True, capture_output=True, text=True, timeout=30,
    ).stdout  # fmt: skip
    assert 'Unattended-Upgrade::Automatic-Reboot-Time "01:00";' in dump
    assert dump.count("Unattended-Upgrade::Origins-Pattern::") == 1
