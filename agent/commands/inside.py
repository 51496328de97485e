"""What the agent does itself, without a process: how loudly it logs. And which kinds those are.

Owns that a log level falls back by itself: after its minutes on the steady clock, also when the
agent was restarted meanwhile, and at once when the machine was (then nobody remembers it).
"""

import math
import sqlite3
from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import Struct

from agent import journal
from agent.journal import Journal
from wire.actions import LogLevel

AT_ONCE: Final = ("noop", "set_log_level")
"""Done in the moment they are taken: their intent and their end are one transaction."""
HERE: Final = (*AT_ONCE, "restart_agent")
USUAL: Final = "info"
_KEY: Final = "log_level"


class _Set(Struct, frozen=True):
    """`until` in seconds of CLOCK_BOOTTIME of the start of the machine named `boot`."""

    level: str
    boot: str
    until: float


class Loudness:
    """`apply` is told the level, a word of LogLevel; what it does with it is its own affair."""

    def __init__(
        self, kept_in: Journal, boot: str, t: float, apply: Callable[[str], object]
    ) -> None:
        self._boot = boot
        self._apply = apply
        self.until = math.inf
        text = kept_in.get(_KEY)
        if text is not None:
            kept = msgspec.json.decode(text, type=_Set)
            if kept.boot == boot != "" and t < kept.until:
                self.until = kept.until
                apply(kept.level)

    def set(self, args: LogLevel, t: float) -> Callable[[sqlite3.Connection], None]:
        """Applies it; what is returned writes it down, in the transaction of its result."""
        kept = _Set(args.level, self._boot, t + 60.0 * args.minutes)
        self.until = kept.until
        self._apply(args.level)
        text = msgspec.json.encode(kept).decode()

        def write(db: sqlite3.Connection) -> None:
            journal.write(db, _KEY, text)

        return write

    def look(self, t: float) -> None:
        """Falls back when it is time. What is written needs no correction: its time is over."""
        if t >= self.until:
            self.until = math.inf
            self._apply(USUAL)
