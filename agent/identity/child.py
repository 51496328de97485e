"""A short-lived process beside the agent: what it imports, the agent never pays for.

Owns its start, its end and its time limit. What it says goes where the agent's own log goes.
"""

import os
import signal
import sys
from collections.abc import Sequence
from typing import Final

MOST_SAID: Final = 64 * 1024  # what a pipe holds: nobody waits for a child that does not read


class Child:
    """Started at once; it reads `said` on its standard input. Raises OSError.

    Its methods may be called in any order, any number of times.
    """

    def __init__(self, arguments: Sequence[str], said: bytes = b"") -> None:
        words = [sys.executable, *arguments]
        ear, mouth = os.pipe2(os.O_CLOEXEC)
        try:
            os.write(mouth, said[:MOST_SAID])
            # subprocess would cost the agent 0.4 MiB
            heard = [(os.POSIX_SPAWN_DUP2, ear, 0)]
            self._pid = os.posix_spawn(sys.executable, words, os.environ, file_actions=heard)
        finally:
            os.close(ear)
            os.close(mouth)
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative when a signal ended it; None while it runs."""
        if self._code is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def terminate(self) -> None:
        """Please leave."""
        if self.poll() is None:
            os.kill(self._pid, signal.SIGTERM)

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self._pid, signal.SIGKILL)
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
