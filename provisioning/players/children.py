"""The children that install releases, of all players of one process: so many at once and no more.

A real kiosk has a machine of its own; sixty played ones share one, and their children are real.
"""

import os
from collections.abc import Sequence
from typing import Final

from agent.identity.child import Child

AT_ONCE: Final = max(2, os.cpu_count() or 1)


class Children:
    """For one thread."""

    def __init__(self, most: int = AT_ONCE) -> None:
        self._most = most
        self._running: list[Child] = []

    @property
    def running(self) -> int:
        self._running = [child for child in self._running if child.poll() is None]
        return len(self._running)

    def start(self, words: Sequence[str], said: bytes) -> Child | None:
        """None while there is no place."""
        if self.running >= self._most:
            return None
        child = Child(words, said)
        self._running.append(child)
        return child
