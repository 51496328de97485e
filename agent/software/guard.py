"""Watches a trial from outside: what a timer runs once a minute while there is one.

    python -I -m agent.software.guard PROGRAMS agent PROGRAM...

A new agent that hangs, or lives on and never reaches the office, does not end by itself. When its
time is over, the old one is put back and PROGRAM (its words follow) starts the service anew. Runs
from what was installed by hand, never from a release.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from agent.software import trial
from agent.software.launch import MODULES, now
from agent.software.trial import Moment

USAGE: Final = "usage: python -m agent.software.guard PROGRAMS agent|portal PROGRAM [WORDS ...]\n"


def main(words: Sequence[str]) -> int:
    if len(words) < 3 or words[1] not in MODULES:
        sys.stderr.write(USAGE)
        return 2
    if not look(Path(words[0]) / words[1], now()):
        return 0
    sys.stderr.write(f"{words[1]}: the new release did not reach the office: the old one is back\n")
    return subprocess.run(words[2:], check=False).returncode


def look(folder: Path, moment: Moment) -> bool:
    """Whether the old one was put back, now."""
    found = trial.read(folder)
    if found is None or not trial.is_over(found, moment):
        return False
    trial.back(folder, found, "no_office", f"not heard of in {found.window_s:.0f} s")
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
