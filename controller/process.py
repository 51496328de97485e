"""What a process of the office has in common with the others: its exit code, clock, voice, options.

For `__main__` modules alone, of the controller's folder and of those above it: everything else is
given a clock and a voice by whoever builds it.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

EX_IOERR: Final = 74  # the storage does not keep what it took: start me again


def wall() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def voice(name: str) -> Callable[[str], None]:
    """Says lines on standard error, as this process."""

    def say(text: str) -> None:
        print(f"{name}: {text}", file=sys.stderr, flush=True)  # noqa: T201 - its only voice

    return say


def add_database(parser: argparse.ArgumentParser) -> None:
    said = os.environ.get("ANJUNGAN_DATABASE")
    parser.add_argument("--database", default=said, help="SQLAlchemy URL")


def read_options(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> argparse.Namespace:
    """With a database, or it ends with 2."""
    options = parser.parse_args(argv)
    if not options.database:
        parser.error("say where the database is: --database URL or ANJUNGAN_DATABASE")
    return options
