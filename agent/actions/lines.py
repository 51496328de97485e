"""The two pipes to the executor: whole lines in, whole lines out, with a time limit.

Owns the handshake that something was written down. Never buffers beyond what was read.
"""

import os
import select
import time
from typing import Final

from agent.actions import asked
from agent.actions.stop import Orphaned

NOTED_WITHIN_S: Final = 10.0


class Lines:
    """`ear` and `mouth` are file descriptors."""

    def __init__(self, ear: int, mouth: int) -> None:
        self._ear, self._mouth = ear, mouth
        self._rest = b""

    def read(self, within_s: float) -> bytes:
        """The next line, without its end. Raises TimeoutError, EOFError, BadRequest."""
        until = time.monotonic() + within_s
        poll = select.poll()
        poll.register(self._ear, select.POLLIN)
        while b"\n" not in self._rest:
            if len(self._rest) > asked.MOST_LINE:
                raise asked.BadRequest("a line without an end")
            if not poll.poll(max(until - time.monotonic(), 0) * 1000):
                raise TimeoutError("nothing was said in time")
            piece = os.read(self._ear, 65_536)
            if not piece:
                raise EOFError("the executor hung up")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def say(self, line: bytes) -> None:
        """Raises Orphaned when nobody listens any more."""
        try:
            while line:
                line = line[os.write(self._mouth, line) :]
        except BrokenPipeError as error:
            raise Orphaned("nobody listens") from error

    def note(self, text: str) -> None:
        """Returns when the executor has it on its disk. Raises Orphaned."""
        self.say(asked.undo(text))
        try:
            answer = self.read(NOTED_WITHIN_S)
        except (TimeoutError, EOFError) as error:
            raise Orphaned(f"what to undo was not noted: {error}") from error
        if answer.strip() != b"ok":
            raise asked.BadRequest("what to undo was not noted")
