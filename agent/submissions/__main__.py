"""Brings away what citizens handed in: `python -m agent.submissions --config agent.toml`.

Makes one round, then ends. Started by the resident agent (errand.py). With --asked only what
citizens wait for and what waits in the tray; the news comes with every other round. Exit codes: 0
nothing waits, 75 something does and the round is to be made again later, 2 a person must act. Only
one at a time. SIGTERM ends it anywhere: everything goes on from there.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from agent.actions.base import Failed
from agent.actions.office import Office
from agent.actions.stop import Cancelled, Orphaned, Stop, TimeUp
from agent.config import BadConfig, Citizens, Config, load
from agent.folders import Busy, alone
from agent.submissions import ring
from agent.submissions.asks import Asks
from agent.submissions.counter import Counter
from agent.submissions.round import Around, Round

DONE: Final = 0
MUST_ACT: Final = 2
LATER: Final = 75
WITHIN_S: Final = 3_000.0  # a tray that was full for months is emptied in more than one round


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m agent.submissions", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="agent.toml")
    parser.add_argument("--asked", action="store_true", help="without the news")
    options = parser.parse_args(words)
    stop = Stop(WITHIN_S)
    signal.signal(signal.SIGTERM, stop.ask)
    os.umask(0o022)  # the portal reads what this writes, perhaps as somebody else
    try:
        config = load(options.config)
        citizens = _citizens(config)
        tray = Path(citizens.tray)
        if not tray.is_dir():
            return DONE  # the portal has made none yet: nothing waits, and nothing has failed
        with alone(tray, f"another process brings away what is in {tray}"):
            return _round(config, citizens, stop, sync=not options.asked)
    except (Cancelled, Orphaned, TimeUp, Busy) as ended:
        sys.stderr.write(f"{ended}\n")
        return LATER
    except (BadConfig, Failed, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return MUST_ACT
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return LATER


def _citizens(config: Config) -> Citizens:
    if config.citizens is None:
        raise BadConfig("[citizens] is not there: nothing is handed in at this kiosk")
    return config.citizens


def _round(config: Config, citizens: Citizens, stop: Stop, *, sync: bool) -> int:
    content = Path(config.content.folder) if config.content else Path(os.devnull)
    around = Around(
        config.kiosk,
        Path(citizens.tray),
        Asks(Path(citizens.asks)),
        Counter(Office(config, stop)),
        lambda: ring.of_release(content),
        lambda: time.time_ns() // 1_000_000,
        stop.wait,
    )
    said = Round(around).run(sync=sync)
    return LATER if said.records or not said.reached else DONE


if __name__ == "__main__":
    sys.exit(main())
