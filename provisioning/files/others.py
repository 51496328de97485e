"""Files that belong to others but must say something: swap, listening addresses, packages.

Each inspection looks below a root and says what a person must do. Nothing is changed: these files
belong to the administrator or to a Debian package.
"""

from collections.abc import Callable, Iterator, Sequence

from provisioning.files.compare import Difference
from provisioning.files.place import Place


def swap(place: Place) -> Iterator[Difference]:
    """What a citizen typed must never reach a disk; memory that is swapped out does."""
    for line in _lines(place, "/etc/fstab"):
        words = line.split()
        if len(words) > 2 and words[2] == "swap":
            yield Difference(
                "/etc/fstab",
                "swaps to a disk",
                words[0],
                "remove the line and run swapoff -a; zram may stay (apt install zram-tools)",
            )


def cups_on_loopback(place: Place) -> Iterator[Difference]:
    """CUPS reads one file without a folder beside it, so its lines are checked, not replaced."""
    path = "/etc/cups/cupsd.conf"
    for line in _lines(place, path):
        words = line.split()
        if len(words) > 1 and words[0].lower() in ("listen", "port", "ssllisten"):
            local = words[1].startswith(("/", "localhost", "127.0.0.1", "[::1]"))
            if words[0].lower() == "port" or not local:
                yield Difference(path, "listens beyond this machine", line.strip(), _CUPS)


_CUPS = "write `Listen localhost:631` instead, then systemctl restart cups"


def root_on_usb(allowed: Sequence[str]) -> Callable[[Place], Iterator[Difference]]:
    """A disk on USB would be refused by our own rules: such a machine would not start again.

    `allowed`: vendor:product in hex. Sees plain partitions, not what lies behind LVM or encryption.
    """

    def inspect(place: Place) -> Iterator[Difference]:
        name = _usb_of(place, _root_device(place))
        if name and name not in allowed:
            act = f"before the next boot: anjungan kiosk-files --root / --usb-allow {name}"
            yield Difference("/", "lies on a USB disk", f"{name}, which would be refused", act)

    return inspect


def _root_device(place: Place) -> str:
    """MAJOR:MINOR of the file system at /, empty when nobody says."""
    for line in _lines(place, "/proc/self/mountinfo"):
        words = line.split()
        if len(words) > 4 and words[4] == "/":
            return words[2]
    return ""


def _usb_of(place: Place, device: str) -> str:
    """vendor:product of the USB device this block device belongs to, empty when it is none."""
    if not device:
        return ""
    block = (place.root / "sys/dev/block" / device).resolve()
    for above in block.parents:
        if (above / "idVendor").is_file():
            parts = [
                (above / name).read_text("ascii").strip() for name in ("idVendor", "idProduct")
            ]
            return ":".join(parts)
    return ""


def packages(wanted: Sequence[str]) -> Callable[[Place], Iterator[Difference]]:
    """Debian packages that must be installed below the root."""

    def inspect(place: Place) -> Iterator[Difference]:
        there = _installed(place)
        missing = [name for name in wanted if name not in there]
        if missing:
            line = f"apt install --no-install-recommends {' '.join(missing)}"
            yield Difference("Debian packages", "missing", " ".join(missing), line)

    return inspect


def _installed(place: Place) -> set[str]:
    names, name = set(), ""
    for line in _lines(place, "/var/lib/dpkg/status"):
        if line.startswith("Package: "):
            name = line.removeprefix("Package: ").strip()
        elif line.startswith("Status: ") and line.split()[-1] == "installed":
            names.add(name)
    return names


def _lines(place: Place, path: str) -> list[str]:
    try:
        text = place.at(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if not line.lstrip().startswith("#")]
