"""A short-lived process beside the agent: what it imports, the agent never pays for.

Owns its start, its end and its time limit. What it says goes where the agent's own log goes.
"""

import os
import signal
import sys
from collections.abc import Sequence


class Child:
    """Started at once. `kill` and `poll` may be called in any order, any number of times."""

    def __init__(self, arguments: Sequence[str]) -> None:
        words = [sys.executable, *arguments]
        # subprocess would cost the agent 0.4 MiB
        self._pid = os.posix_spawn(sys.executable, words, os.environ)
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative when a signal ended it; None while it runs."""
        if self._code is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self._pid, signal.SIGKILL)
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
