"""Asks the office how a submission stands, by way of the agent, while the citizen waits.

Owns the two files in <asks> (wire/local.py), a folder in memory that no disk ever sees, and their
removal, whatever happens. Waits a few seconds and no longer: no answer is an answer too.
"""

import contextlib
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from wire.citizen import Answer, Question
from wire.local import ANSWER, ASK

WITHIN_S: Final = 6.0
STEP_S: Final = 0.05


class Inquiry:
    """`clock` in seconds, steady; `pause` waits so many."""

    def __init__(
        self,
        folder: Path,
        *,
        within_s: float = WITHIN_S,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._folder, self._within_s = folder, within_s
        self._clock, self._pause = clock, pause

    def ask(self, number: str, tail: str) -> Answer | None:
        """None when the office did not answer in time."""
        question = Question(id=secrets.token_hex(16), number=number, tail=tail)
        asked = self._folder / f"{question.id}{ASK}"
        answer = self._folder / f"{question.id}{ANSWER}"
        try:
            put(asked, msgspec.json.encode(question))
            return self._wait(answer, question.id)
        except OSError:
            return None
        finally:
            for path in (asked, answer):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    def _wait(self, path: Path, uid: str) -> Answer | None:
        until = self._clock() + self._within_s
        while True:
            if found := self._read(path, uid):
                return found
            if self._clock() >= until:
                return None
            self._pause(STEP_S)

    def _read(self, path: Path, uid: str) -> Answer | None:
        try:
            answer = msgspec.json.decode(path.read_bytes(), type=Answer)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None
        return answer if answer.id == uid else None


def put(path: Path, data: bytes) -> None:
    """Appears whole: the agent looks whenever it likes. Raises OSError."""
    new = path.with_suffix(".new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(new, flags, 0o640), "wb") as file:
        file.write(data)
    new.replace(path)
