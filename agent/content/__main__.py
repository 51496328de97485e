"""Installs what is wanted, then ends: `python -m agent.content --config agent.toml`.

Started by the resident agent, which reads what this leaves below <state_dir>/content: status.json
and reports/. One JSON line comes in by stdin (`told`); the exit code says how it ended: 0 done, 75
later (again_s of the status), 2 a person must act, 42 the agent itself has a new release. SIGTERM
asks it to leave at the next safe point; everything goes on from there. With --dry-run it fetches
only the lists, and says what the rest would cost: bytes, seconds, by bundle. Only one at a time.
"""

import argparse
import contextlib
import errno
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from agent import folders
from agent.config import BadConfig, load
from agent.content import told, wanted
from agent.content.build import Kiosk
from agent.content.dry import Costs, dry_run
from agent.content.stop import Stop
from agent.content.told import LATER, MUST_ACT, Told
from agent.content.trouble import Trouble
from agent.folders import Busy, alone

NICE: Final = 10
PASSING: Final = (errno.ENOSPC, errno.EDQUOT, errno.EIO)  # a disk may have room again


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m agent.content", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="agent.toml")
    parser.add_argument("--dry-run", action="store_true", help="only say what it would cost")
    parser.add_argument("--kbit", type=float, default=1000.0, help="for the seconds of a dry run")
    parser.add_argument("--per-mb", type=float, default=0.0, help="price of a megabyte")
    options = parser.parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    stop = Stop()
    signal.signal(signal.SIGTERM, stop.ask)
    os.umask(0o022)  # the portal reads what this writes, perhaps as somebody else
    try:
        config = load(options.config)
        folder = Path(config.state_dir) / "content"
        folders.make(folder, 0o700)
        # TUF's files stand only one.
        with alone(folder, f"another process installs in {folder}: try again later"):
            kiosk = Kiosk(config, wanted.read(folder), _told(), stop)
            if options.dry_run:
                return _say(kiosk, Costs(options.kbit, options.per_mb))
            _step_back()
            return kiosk.work().run().code
    except Busy as busy:
        sys.stderr.write(f"{busy}\n")
        return LATER
    except (BadConfig, Trouble, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        passing = isinstance(error, OSError) and error.errno in PASSING
        return LATER if passing else MUST_ACT


def _step_back(score: Path = Path("/proc/self/oom_score_adj")) -> None:
    """When processor or memory are short, it is this one that waits or ends, never the agent."""
    with contextlib.suppress(OSError):  # its fence may forbid it
        score.write_text("900", "ascii")
    with contextlib.suppress(PermissionError):
        os.nice(NICE)


def _told() -> Told:
    """By hand nothing is told. Raises ValueError."""
    return Told() if sys.stdin.isatty() else told.read(sys.stdin.buffer.readline())


def _say(kiosk: Kiosk, costs: Costs) -> int:
    for line in dry_run(kiosk, costs):
        sys.stdout.write(f"{json.dumps(line)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
