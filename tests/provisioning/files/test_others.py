"""Files of others are looked at, and what a person must do is said."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from provisioning.files.compare import Difference
from provisioning.files.others import cups_on_loopback, packages, root_on_usb, swap
from provisioning.files.place import Place


def told(
    root: Path, inspect: Callable[[Place], Iterable[Difference]], path: str, text: str
) -> list[str]:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)
    return [one.detail for one in inspect(Place(root))]


def test_a_machine_without_these_files_is_fine(tmp_path: Path) -> None:
    assert [*swap(Place(tmp_path)), *cups_on_loopback(Place(tmp_path))] == []


def test_swap_on_a_disk_is_told(tmp_path: Path) -> None:
    text = "# swap swap swap\nUUID=1 / ext4 x 0 1\n\n/dev/sda2 none swap sw 0 0\n"
    assert told(tmp_path, swap, "etc/fstab", text) == ["/dev/sda2"]


@pytest.mark.parametrize(
    ("line", "fine"),
    [
        ("Listen localhost:631", True),
        ("Listen /run/cups/cups.sock", True),
        ("listen 127.0.0.1:631", True),
        ("Listen [::1]:631", True),
        ("#Listen *:631", True),
        ("Listen *:631", False),
        ("LISTEN 0.0.0.0:631", False),
        ("Port 631", False),
        ("SSLListen 192.0.2.1:631", False),
    ],
)
def test_cups_must_listen_on_this_machine_alone(tmp_path: Path, line: str, fine: bool) -> None:  # noqa: FBT001
    assert (told(tmp_path, cups_on_loopback, "etc/cups/cupsd.conf", f"{line}\n") == []) is fine


@pytest.mark.parametrize(
    ("bus", "allowed", "told"),
    [
        ("usb2/2-1/2-1:1.0", (), ["0781:5583, which would be refused"]),
        ("usb2/2-1/2-1:1.0", ("0781:5583",), []),
        ("nvme/nvme0", (), []),
    ],
)
def test_a_machine_that_starts_from_a_usb_disk_is_warned(
    tmp_path: Path, bus: str, allowed: tuple[str, ...], told: list[str]
) -> None:
    disk = tmp_path / "sys/devices/pci0000:00" / bus / "block/sda/sda2"
    disk.mkdir(parents=True)
    (tmp_path / "sys/dev/block").mkdir(parents=True)
    (tmp_path / "sys/dev/block/8:2").symlink_to(disk)
    if bus.startswith("usb"):
        device = tmp_path / "sys/devices/pci0000:00/usb2/2-1"
        (device / "idVendor").write_text("0781\n")
        (device / "idProduct").write_text("5583\n")
    mounts = "22 1 0:21 / /proc rw - proc proc rw\n25 1 8:2 / / rw shared:1 - ext4 /dev/sda2 rw\n"
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/mountinfo").write_text(mounts)
    assert [one.detail for one in root_on_usb(allowed)(Place(tmp_path))] == told


def test_a_folder_that_is_no_running_machine_says_nothing_of_its_disk(tmp_path: Path) -> None:
    assert list(root_on_usb(())(Place(tmp_path))) == []


def test_missing_packages_are_named_with_the_line_that_installs_them(tmp_path: Path) -> None:
    status = (
        "Package: sway\nStatus: install ok installed\n\n"
        "Package: seatd\nStatus: deinstall ok config-files\n"
    )
    wanted = packages(["sway", "seatd", "cups"])
    assert told(tmp_path, wanted, "var/lib/dpkg/status", status) == ["seatd cups"]
    assert "apt install" in next(iter(wanted(Place(tmp_path)))).act
