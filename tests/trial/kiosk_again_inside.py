"""Inside a kiosk that was switched off and booted again: what a citizen left, and what is gone."""

import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.support.asking import all_answered, run, show, until
from tests.support.complainer import complains

UNITS = ("agent", "portal", "screen", "browser", "firewall")
OUT = Path("/var/lib/anjungan-portal/tray/out")
BEFORE = Path("/opt/asked/before")
IN_MEMORY = ("/var/lib/kiosk/profile", "/var/spool/cups", "/run/anjungan-asks")


def all_run() -> bool:
    return all(show(f"anjungan-{name}", "ActiveState") == "active" for name in UNITS)


def the_tray_is_kept() -> bool:
    found = [sha256(one.read_bytes()).hexdigest() for one in OUT.glob("*.rec")]
    print("   ", *found)
    return bool(found) and "".join(found) == BEFORE.read_text()


QUESTIONS: dict[str, Callable[[], bool]] = {
    "all units run": lambda: until(all_run),
    "no unit has failed": lambda: not run("systemctl", "--failed", "-q", "--plain").stdout.strip(),
    "what the citizen handed in waits unchanged": the_tray_is_kept,
    "browser, printer and questions remember nothing": lambda: (
        not [folder for folder in IN_MEMORY if (Path(folder) / "mark").exists()]
    ),
    "the next citizen is served": lambda: until(lambda: complains(8080), 20),
}

if __name__ == "__main__":
    sys.exit(all_answered(QUESTIONS, [f"anjungan-{name}" for name in UNITS]))
