"""The USB rules, read and obeyed by the real udev over a simulated /sys.

There is no USB on the machines that run this. udevadm does what the rules say to the files of the
simulated devices, so what is asked here is: which interface ends authorized, which input silenced.
"""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from provisioning.files.rows import File
from provisioning.kiosk_files.settings import Settings
from provisioning.kiosk_files.table import rows

ROOM = """
set -e
mount -t tmpfs none /sys
mkdir -p /run/udev && mount -t tmpfs none /run/udev && mkdir -p /run/udev/rules.d
cp -a "$1/sys/." /sys/
cp "$1/rules" /run/udev/rules.d/72-anjungan-usb.rules
export SYSTEMD_DEVICE_VERIFY_SYSFS=0
for device in $2; do udevadm test --action=add "$device"; done >"$1/said" 2>&1
cp -a /sys/. "$1/sys/"
"""
HOST = "/devices/pci0000:00/usb1"


class Usb(NamedTuple):
    """One device with one interface, as it stands in /sys."""

    kind: str
    protocol: str = "00"
    vendor: str = "1111"
    product: str = "2222"


class Machine:
    """A simulated /sys; `plug` what shall be there, `settle`, then look at the files."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.devices: list[str] = []
        (text,) = [
            row.text for row in rows(settings)
            if isinstance(row, File) and row.path.endswith("usb.rules")
        ]  # fmt: skip
        (folder / "rules").write_text(text)
        (folder / "sys/bus/usb").mkdir(parents=True)
        (folder / "sys/class/input").mkdir(parents=True)
        self.add(HOST, "bus/usb", DEVTYPE="usb_device", interface_authorized_default="1")

    def add(self, path: str, subsystem: str, **attributes: str) -> str:
        at = self.folder / f"sys{path}"
        at.mkdir(parents=True)
        up = "../" * (len(Path(path).parts) - 1)
        (at / "subsystem").symlink_to(f"{up}{subsystem}")
        told = {k: v for k, v in attributes.items() if k.isupper()}
        (at / "uevent").write_text("".join(f"{k}={v}\n" for k, v in told.items()))
        for name in attributes.keys() - told.keys():
            (at / name).write_text(f"{attributes[name]}\n")
        self.devices.append(path)
        return path

    def plug(self, usb: Usb, authorized: str = "0") -> str:
        device = self.add(
            f"{HOST}/1-1", "bus/usb",
            DEVTYPE="usb_device", idVendor=usb.vendor, idProduct=usb.product,
        )  # fmt: skip
        return self.add(
            f"{device}/1-1:1.0", "bus/usb",
            DEVTYPE="usb_interface", bInterfaceClass=usb.kind, bInterfaceProtocol=usb.protocol,
            authorized=authorized,
        )  # fmt: skip

    def settle(self) -> str:
        user = [] if os.geteuid() == 0 else ["--map-root-user"]
        argv = ["unshare", "--mount", *user, "sh", "-c", ROOM, "sh", str(self.folder)]
        subprocess.run(
            [*argv, " ".join(f"/sys{path}" for path in self.devices)], check=True, timeout=60
        )
        return (self.folder / "said").read_text()

    def read(self, path: str, name: str) -> str:
        return (self.folder / f"sys{path}" / name).read_text().strip()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, Settings())


def test_udev_understands_every_line(machine: Machine) -> None:
    said = machine.settle()
    assert "72-anjungan-usb.rules" in said
    wrong = ("Invalid", "Unknown", "Missing", "ignoring", "Failed to parse")
    assert [
        line for line in said.splitlines()
        if "72-anjungan-usb.rules" in line and any(word in line for word in wrong)
    ] == []  # fmt: skip
    assert machine.read(HOST, "interface_authorized_default") == "0"


@pytest.mark.parametrize(
    ("what", "usb", "taken"),
    [
        ("touch screen", Usb("03"), "1"),
        ("mouse", Usb("03", "02"), "1"),
        ("printer", Usb("07"), "1"),
        ("hub", Usb("09"), "1"),
        ("card reader", Usb("0b"), "1"),
        ("keyboard", Usb("03", "01"), "0"),
        ("stick", Usb("08"), "0"),
        ("network", Usb("02"), "0"),
        ("network's data", Usb("0a"), "0"),
        ("wireless", Usb("e0"), "0"),
        ("camera", Usb("0e"), "0"),
        ("sound", Usb("01"), "0"),
        ("anything", Usb("ff"), "0"),
    ],
)
@pytest.mark.parametrize("before", ["0", "1"])
def test_row_30_a_device_is_taken_by_its_class(
    machine: Machine, what: str, usb: Usb, taken: str, before: str
) -> None:
    interface = machine.plug(usb, before)
    said = machine.settle()
    assert machine.read(interface, "authorized") == taken, what
    assert ("drivers_probe" in said.split("run:", 1)[-1] and "run: '" in said) == (
        taken == "1" and before == "0"
    )


def test_a_listed_device_is_taken_whole(tmp_path: Path) -> None:
    machine = Machine(tmp_path, Settings(usb_allow=("12d1:1506",)))
    interface = machine.plug(Usb("ff", vendor="12d1", product="1506"))
    machine.settle()
    assert machine.read(interface, "authorized") == "1"


def typing(machine: Machine, usb: Usb) -> str:
    interface = machine.plug(usb)
    return machine.add(
        f"{interface}/0003:0.1/input/input7", "class/input",
        PRODUCT="3/1111/2222/111", NAME='"typist"', PROP="0", EV="120013", inhibited="0",
    )  # fmt: skip


def with_capabilities(machine: Machine, path: str, key: str, absolute: str, prop: str) -> None:
    at = machine.folder / f"sys{path}"
    (at / "capabilities").mkdir()
    kinds = {"ev": "1b" if absolute != "0" else "13", "key": key, "abs": absolute, "rel": "0"}
    for name, bits in kinds.items():
        (at / "capabilities" / name).write_text(f"{bits}\n")
    (at / "properties").write_text(f"{prop}\n")


KEYBOARD = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
SOME_KEYS = "10000000000000 0 0 0"
TOUCH = "400 0 0 0 0 0"
POINTS = "260800000000003"


class Input(NamedTuple):
    """What an input device says that it has; `prop` 2: it is touched directly."""

    key: str
    absolute: str = "0"
    prop: str = "0"


@pytest.mark.parametrize(
    ("what", "has", "silenced"),
    [
        ("a whole keyboard", Input(KEYBOARD), "1"),
        ("a few keys", Input(SOME_KEYS), "1"),
        ("a touch screen", Input(TOUCH, POINTS, "2"), "0"),
        ("a touch screen that has a keyboard too", Input(KEYBOARD, POINTS, "2"), "1"),
    ],
)
def test_row_30_what_types_is_silenced(
    machine: Machine, what: str, has: Input, silenced: str
) -> None:
    path = typing(machine, Usb("03"))
    with_capabilities(machine, path, has.key, has.absolute, has.prop)
    machine.settle()
    assert machine.read(path, "inhibited") == silenced, what


def test_a_listed_keyboard_may_type_when_that_is_said(tmp_path: Path) -> None:
    settings = Settings(usb_allow=("046d:c31c",), keyboard=True)
    machine = Machine(tmp_path, settings)
    path = typing(machine, Usb("03", "01", "046d", "c31c"))
    with_capabilities(machine, path, KEYBOARD, "0", "0")
    machine.settle()
    assert machine.read(path, "inhibited") == "0"
