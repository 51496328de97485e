"""`anjungan office-files --root DIR --name HOST`: make a Debian 12 system an office, or check one.

`anjungan office-files wheels --out DIR` collects what it installs without a line. Only reads the
command line; the work is done by `files`.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from provisioning.files import others, wheels
from provisioning.files.command import Inspection, Kind, add_options, run
from provisioning.office_files.passphrase import passphrase
from provisioning.office_files.settings import Settings
from provisioning.office_files.table import ACCOUNTS, rows

PACKAGES: Final = ("python3", "python3-venv", "mosquitto")


def inspections(_: Settings) -> list[Inspection]:
    return [others.packages(PACKAGES), passphrase]


KIND: Final = Kind("office-files", Settings, rows, inspections, ACCOUNTS)


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["wheels"]:
        return wheels.main(words[1:], "office-files", "office")
    if words[:1] == ["packages"]:
        sys.stdout.write(" ".join(PACKAGES) + "\n")
        return 0
    return run(KIND, parser().parse_args(words))


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="anjungan office-files",
        description="Write or check the files of an office. Options are remembered for --check.",
        epilog="office-files wheels --out DIR: the packages, to be carried there; "
        "office-files packages: the Debian packages to install",
    )
    add_options(options)
    options.add_argument("--name", action="append", help="how kiosks reach this office; repeat")
    options.add_argument("--database", help="URL without a password (SQLite below /var/lib)")
    options.add_argument("--bind", help="address of the kiosks' doors (0.0.0.0)")
    options.add_argument("--console-bind", help="address of the console (127.0.0.1)")
    options.add_argument("--kiosk-port", type=int, help="MQTT for kiosks (8883)")
    options.add_argument("--office-port", type=int, help="MQTT for the controller (8884)")
    options.add_argument("--door-port", type=int, help="enrolment and renewal (8443)")
    options.add_argument("--console-port", type=int, help="the web page, by HTTPS (8444)")
    options.add_argument("--preview-port", type=int, help="drawings for the console (8090)")
    return options


if __name__ == "__main__":
    sys.exit(main())
