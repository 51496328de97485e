"""The lines on which the portal is asked: how many at once, and how long one may take to ask.

Owns the bounds that a browser of ours never meets: it opens six lines and asks at once. Whoever
opens hundreds, or sends a letter every nine seconds, is sent away, so that the citizen's next page
comes and the portal stays small. What is answered may take as long as it takes: a film is paused.
Never reads a line.
"""

import threading
from collections.abc import Callable
from typing import Final

MOST: Final = 24  # a browser opens six to one place, the agent's probes one each
ASKED_WITHIN_S: Final = 15.0  # the whole of a request, pictures and all: it comes from this machine
LARGE: Final = 64 * 1024  # bytes of a form without pictures, at most
MOST_LARGE: Final = 2  # forms with pictures at once


class Lines:
    """`clock` in seconds, steady. A line is whatever names it. For many threads."""

    def __init__(self, clock: Callable[[], float], most: int = MOST) -> None:
        self._clock, self._most = clock, most
        self._lock = threading.Lock()
        self._since: dict[object, float | None] = {}  # None: it has asked
        self._large = threading.BoundedSemaphore(MOST_LARGE)

    def __len__(self) -> int:
        return len(self._since)

    def take(self, line: object) -> bool:
        """False when there are too many: it is to be closed at once."""
        with self._lock:
            if len(self._since) >= self._most:
                return False
            self._since[line] = self._clock()
            return True

    def asked(self, line: object) -> None:
        """Its request was read: from now on it waits for us."""
        with self._lock:
            if line in self._since:
                self._since[line] = None

    def end(self, line: object) -> None:
        with self._lock:
            self._since.pop(line, None)

    def late(self) -> list[object]:
        """Those that have had their time and have not asked."""
        until = self._clock() - ASKED_WITHIN_S
        with self._lock:
            return [
                one for one, since in self._since.items() if since is not None and since < until
            ]

    def take_large(self, size: int) -> bool:
        """Whether a body of that many bytes may be read now; `end_large` when it is understood."""
        return size <= LARGE or self._large.acquire(blocking=False)

    def end_large(self, size: int) -> None:
        if size > LARGE:
            self._large.release()
