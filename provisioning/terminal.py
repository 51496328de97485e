"""What every command of the office's command line needs: the time, a voice, and a way to refuse.

Owns no decision. Database and folder of releases come by an option or the environment, the same for
every command. A refusal goes to standard error and names the command, so that a script that
runs many of them knows which one must be given something else.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from sqlalchemy import Engine

YES: Final = ("yes", "ya")


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def say(line: str) -> None:
    """At once, also into a pipe: whoever waits for an answer reads it as it comes."""
    print(line, flush=True)  # noqa: T201 - this is the voice of the commands


def fail(command: str, why: str, code: int = 2) -> int:
    """Say why nothing was done. Returns `code` for the process to end with."""
    print(f"{command}: {why}", file=sys.stderr)  # noqa: T201 - see above
    return code


def add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", default=os.environ.get("ANJUNGAN_DATABASE", ""))


def add_releases(parser: argparse.ArgumentParser) -> None:
    said = os.environ.get("ANJUNGAN_RELEASES", "")
    parser.add_argument(
        "--releases",
        type=Path,
        default=Path(said) if said else None,
        metavar="DIR",
        help="the folder of releases",
    )


@contextmanager
def database(asked: argparse.Namespace) -> "Iterator[Engine]":
    """The office's, for as long as the block lasts. Raises ValueError when none was named."""
    if not asked.database:
        raise ValueError("say which database: --database URL or ANJUNGAN_DATABASE")
    # Commands that a kiosk has, too, speak by this module, and a kiosk has no database.
    from controller.store.engine import open_engine  # noqa: PLC0415

    engine = open_engine(asked.database)
    try:
        yield engine
    finally:
        engine.dispose()


def releases(asked: argparse.Namespace) -> Path:
    """Raises ValueError when none was named.

    A folder that several accounts write is a group's: what this process makes in it is that
    group's, too, also when an administrator typed the command.
    """
    folder: Path | None = asked.releases
    if folder is None:
        raise ValueError("say which folder of releases: --releases DIR or ANJUNGAN_RELEASES")
    if folder.is_dir() and folder.stat().st_mode & 0o020:
        os.umask(0o007)
    return folder


def by_word(
    command: str, about: str, served: Mapping[str, tuple[str, str]], argv: Sequence[str] | None
) -> int:
    """Has the module serve that is named beside the first word; only that one is imported.

    `served`: word -> the module, whose main takes the words, and a line of help.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] and words[0] in served:
        code: int = import_module(served[words[0]][0]).main(words)
        return code
    parser = argparse.ArgumentParser(prog=f"anjungan {command}", description=about)
    what = parser.add_subparsers(dest="what", required=True, metavar="WORD")
    for name, (_, said) in served.items():
        what.add_parser(name, help=said)
    parser.parse_args(words)
    return 2


def agreed(question: str, answers: TextIO | None, tell: Callable[[str], None] = say) -> bool:
    """Whether a person says yes; `answers`: where that comes from."""
    tell(f"{question} Type yes:")
    if (answers or sys.stdin).readline().strip().lower() in YES:
        return True
    tell("nothing was signed")
    return False


def told(command: str, act: Callable[[], int], refusals: tuple[type[Exception], ...]) -> int:
    """What `act` returns; 2 and one line on standard error when it was refused."""
    try:
        return act()
    except refusals as error:
        return fail(command, str(error))
