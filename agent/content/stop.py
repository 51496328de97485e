"""The wish that the child ends, and every wait in which it is heard.

Owns no step: whoever is asked to end does so at the next safe point, and all goes on from there
the next time.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

EVERY_S: Final = 0.25


class Stopped(Exception):  # noqa: N818 - says what happened
    """Somebody wants this process to end; nothing is wrong."""


class Stop:
    """`ask` may come from a signal handler: it only sets a flag."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._asked = False
        self._wait = threading.Event()

    def ask(self, *_: object) -> None:
        self._asked = True

    def check(self) -> None:
        """Raises Stopped."""
        if self._asked:
            raise Stopped

    def pause(self, seconds: float) -> None:
        """Raises Stopped."""
        self.until(lambda: False, seconds)

    def until(self, is_true: Callable[[], bool], within_s: float) -> bool:
        """Whether it became true within so many seconds. Raises Stopped."""
        ends = self._monotonic() + within_s
        while True:
            self.check()
            if is_true():
                return True
            left = ends - self._monotonic()
            if left <= 0:
                return False
            self._wait.wait(min(left, EVERY_S))
