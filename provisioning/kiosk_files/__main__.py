"""`anjungan kiosk-files --root DIR`: make a Debian 12 system a kiosk; --check says what differs.

`anjungan kiosk-files wheels --out DIR` collects, where the sources are, what a kiosk installs
without a line. Only reads the command line; the work is done by `files`.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from provisioning.files import others, wheels
from provisioning.files.command import Inspection, Kind, add_options, run
from provisioning.kiosk_files.packages import packages
from provisioning.kiosk_files.settings import DISPLAYS, Settings
from provisioning.kiosk_files.table import ACCOUNTS, rows


def inspections(settings: Settings) -> list[Inspection]:
    return [
        others.packages(packages(settings.display)),
        others.swap,
        others.cups_on_loopback,
        others.root_on_usb(settings.usb_allow),
    ]


KIND: Final = Kind("kiosk-files", Settings, rows, inspections, ACCOUNTS)


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["wheels"]:
        return wheels.main(words[1:], "kiosk-files", "kiosk")
    if words[:1] == ["packages"]:
        sys.stdout.write(" ".join(packages(_display(words[1:]))) + "\n")
        return 0
    return run(KIND, parser().parse_args(words))


def _display(words: Sequence[str]) -> str:
    options = argparse.ArgumentParser(prog="anjungan kiosk-files packages")
    options.add_argument("--display", choices=DISPLAYS, default=Settings.display)
    return str(options.parse_args(words).display)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="anjungan kiosk-files",
        description="Write or check the files of a kiosk. Options are remembered for --check.",
        epilog="kiosk-files wheels --out DIR: the packages for an offline kiosk; "
        "kiosk-files packages: the Debian packages to install",
    )
    add_options(options)
    options.add_argument("--display", choices=DISPLAYS, help="wayland (sway) or x11")
    options.add_argument("--browser-user", help="the browser's own account (kiosk)")
    options.add_argument("--portal-port", type=int, help="on 127.0.0.1 (8080)")
    options.add_argument("--debug-port", type=int, help="Chromium's, on 127.0.0.1 (9222)")
    served = "gives other kiosks of its network pieces of releases there (0: nowhere)"
    options.add_argument("--neighbour-port", type=int, help=served)
    options.add_argument(
        "--allow", action="append", metavar="URL", help="an address beside the portal; a prefix"
    )
    options.add_argument(
        "--usb-allow", action="append", metavar="VENDOR:PRODUCT", help="a device taken whole"
    )
    options.add_argument(
        "--keyboard",
        action=argparse.BooleanOptionalAction,
        help="listed USB devices may type (no)",
    )
    options.add_argument("--ntp", action="append", metavar="HOST", help="time servers")
    options.add_argument("--upgrade-at", metavar="HH:MM", help="security updates (03:00)")
    options.add_argument("--update-kb", type=int, help="kB/s that updates may take (512)")
    options.add_argument("--profile-mb", type=int, help="memory for the browser's profile (256)")
    options.add_argument("--browser-mb", type=int, help="memory for the browser (1024)")
    return options


if __name__ == "__main__":
    sys.exit(main())
