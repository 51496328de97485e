"""A program of the operating system, run for an action: with a time limit, and ended with it.

Never a shell: words are given one by one. What it prints is capped; a program that is missing is
what this kiosk cannot do, not a mistake.
"""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import IO, Final, NamedTuple

from agent.actions.base import Failed
from agent.actions.stop import Stop

MOST_OUTPUT: Final = 4 * 1024 * 1024
_LOOK_EVERY_S: Final = 0.02
_PAUSE_MOST_S: Final = 0.25


class Ran(NamedTuple):
    """`code` is negative when a signal ended it."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8", "replace")


def run(
    words: Sequence[str],
    stop: Stop,
    within_s: float,
    *,
    feed: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """Raises Failed (`unsupported`, `timeout`), Cancelled, TimeUp; the program is gone then."""
    with _memory() as out, _memory() as err:
        process = _start(words, feed, out, err, environment)
        try:
            _wait(process, stop, within_s, words[0])
        finally:
            _end(process)
        return Ran(process.returncode, _tail(out), _tail(err, 2000).decode("utf-8", "replace"))


def must_run(
    words: Sequence[str],
    stop: Stop,
    within_s: float,
    *,
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """As `run`; raises Failed `refused` when the program says no."""
    ran = run(words, stop, within_s, environment=environment)
    if ran.code != 0:
        said = ran.err.strip() or ran.text.strip() or f"code {ran.code}"
        raise Failed("refused", f"{words[0]}: {said}"[:300])
    return ran


def filled(words: Sequence[str], **values: object) -> list[str]:
    """The words with {names} replaced, each staying one word."""
    made = list(words)
    for name, value in values.items():
        made = [word.replace(f"{{{name}}}", str(value)) for word in made]
    return made


def _memory() -> IO[bytes]:
    """What a program prints may hold what a citizen typed: it never touches a disk."""
    return os.fdopen(os.memfd_create("anjungan"), "w+b")


def _start(
    words: Sequence[str],
    feed: bytes,
    out: IO[bytes],
    err: IO[bytes],
    environment: Mapping[str, str] | None,
) -> "subprocess.Popen[bytes]":
    given = _memory()
    given.write(feed)
    given.seek(0)
    try:
        return subprocess.Popen(
            list(words),
            stdin=given,
            stdout=out,
            stderr=err,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        raise Failed("unsupported", f"{words[0]}: {error.strerror}") from error
    finally:
        given.close()


def _wait(process: "subprocess.Popen[bytes]", stop: Stop, within_s: float, name: str) -> None:
    pause_s, waited_s = _LOOK_EVERY_S, 0.0
    while process.poll() is None:
        if waited_s >= within_s:
            raise Failed("timeout", f"{name} did not end within {within_s:g} s")
        stop.wait(pause_s)
        waited_s += pause_s
        pause_s = min(2 * pause_s, _PAUSE_MOST_S)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _tail(file: IO[bytes], most: int = MOST_OUTPUT) -> bytes:
    """The end of what was printed: the newest is worth most."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - most, 0))
    return file.read(most)
