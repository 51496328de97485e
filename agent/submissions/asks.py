"""Questions of citizens who stand before the screen: answered at once, and forgotten.

Owns the removal of questions. They lie in memory (tmpfs) and go whatever comes of them: one that
goes without an answer could not be asked. An answer nobody fetched goes with the next look.
"""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from agent import disk
from wire.citizen import Answer, Call, Coming, Question
from wire.local import ANSWER, ASK, CALL

MOST: Final = 4_096
OLD_S: Final = 60.0
S = TypeVar("S", bound=Struct)


class Asks:
    """`folder` is that of wire/local.py; `now` in seconds, as files have it."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._folder, self._now = folder, now

    def each(self, answer: Callable[[Question], Answer]) -> None:
        """Whatever `answer` raises comes through; that question is gone then, too."""
        for path in self._paths(ASK):
            if path.stem == CALL:
                continue
            question = _read(path, Question)
            path.unlink(missing_ok=True)
            if question is not None and question.id == path.stem:
                text = msgspec.json.encode(answer(question))
                disk.replace(path.with_suffix(ANSWER), text, 0o644)

    def call(self, ring: Callable[[Call], Coming]) -> None:
        """As `each`, for whoever calls an officer."""
        path = self._folder / f"{CALL}{ASK}"
        call = _read(path, Call)
        path.unlink(missing_ok=True)
        if call is not None:
            text = msgspec.json.encode(ring(call))
            disk.replace(path.with_suffix(ANSWER), text, 0o644)

    def sweep(self, *, every: bool = False) -> None:
        """What nobody waits for any more; `every` question when none can be asked now."""
        for path in (*self._paths(ANSWER), *self._paths(ASK)):
            with contextlib.suppress(FileNotFoundError):
                old = self._now() - path.stat().st_mtime > OLD_S
                if old or (every and path.suffix == ASK):
                    path.unlink()

    def _paths(self, suffix: str) -> list[Path]:
        return sorted(self._folder.glob(f"*{suffix}")) if self._folder.is_dir() else []


def _read(path: Path, kind: type[S]) -> S | None:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            return msgspec.json.decode(file.read(MOST), type=kind)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
