"""One command, then the end: `python -m agent.actions --config agent.toml`. Started by the agent.

One JSON line comes in by stdin, JSON lines go out by stdout, the last is the outcome; what is for
the log goes to stderr. SIGTERM asks to cancel. With --finish-wipe it ends what `wipe` has begun.
"""

import logging
import os
import signal
import sys
from pathlib import Path
from typing import Final

from agent.actions import asked, running
from agent.actions.asked import BadRequest, Outcome
from agent.actions.base import Context, Talk
from agent.actions.lines import Lines
from agent.actions.stop import Orphaned, Stop
from agent.config import BadConfig, Config, load

REQUEST_WITHIN_S: Final = 10.0
DONE, MUST_ACT, NOBODY_LISTENS = 0, 2, 3
USAGE: Final = "usage: python -m agent.actions --config agent.toml [--finish-wipe]\n"


def main(words: list[str] | None = None) -> int:
    given = sys.argv[1:] if words is None else words
    finish = "--finish-wipe" in given
    rest = [word for word in given if word != "--finish-wipe"]
    if len(rest) != 2 or rest[0] != "--config":
        sys.stderr.write(USAGE)
        return MUST_ACT
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    path = Path(rest[1])
    try:
        config = load(path)
        if finish:
            return _finish_wipe(config)
        return _one(config, path, Lines(0, 1))
    except (Orphaned, EOFError) as error:
        sys.stderr.write(f"{error}\n")
        return NOBODY_LISTENS
    except (BadConfig, BadRequest, TimeoutError) as error:
        sys.stderr.write(f"{error}\n")
        return MUST_ACT


def _one(config: Config, path: Path, lines: Lines) -> int:
    # Before anything is read: a wish to cancel that comes early must not kill us without a word.
    early: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: early.append(number))
    try:
        given = asked.parse(lines.read(REQUEST_WITHIN_S))
    except BadRequest as error:
        lines.say(asked.outcome(Outcome(state="failed", code="bad_request", why=str(error))))
        return MUST_ACT
    stop = Stop(given.until_s, lambda why: lines.say(asked.progress(0, f"too late: {why}")))
    signal.signal(signal.SIGTERM, stop.ask)
    if early:
        stop.ask()
    ended = running.run(Context(config, path, given, stop, Talk(lines.say, lines.note)))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # nothing may stand in the last line
    lines.say(asked.outcome(ended))
    return DONE


def _finish_wipe(config: Config) -> int:
    from agent.actions import wipe  # noqa: PLC0415 - seldom

    wipe.finish(config)
    return DONE


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # a look at a dead device may still hang in a thread
