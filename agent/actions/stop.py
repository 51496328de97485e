"""When an action must end: its time is up, somebody wants it cancelled, or the agent is gone.

Owns every wait of an action. A wait ends at once when SIGTERM comes. An action that may no longer
be broken off says `too_late` first: the wish is then answered with the reason, and it goes on.
"""

import os
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

LOOK_EVERY_S: Final = 1.0


class Cancelled(Exception):  # noqa: N818 - says what happened
    """Somebody wants it no more, and nothing was done that must be ended first."""


class TimeUp(Exception):  # noqa: N818
    """The command's own time is over."""


class Orphaned(Exception):  # noqa: N818
    """The agent that asked is gone: nobody would hear the end, and another may begin anew."""


class Stop:
    """`tell` hears why it is too late. `ask` may be called by a signal's handler."""

    def __init__(
        self,
        until_s: float,
        tell: Callable[[str], object] = lambda _: None,
        parent: Callable[[], int] = os.getppid,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock, self._tell, self._parent = clock, tell, parent
        self._born_of = parent()
        self._ends_at = clock() + until_s
        self._ear, self._mouth = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._poll = select.poll()
        self._poll.register(self._ear, select.POLLIN)
        self._too_late = ""
        self.asked = False

    def ask(self, *_: object) -> None:
        """Please end. Never blocks, never raises."""
        if self.asked:
            return
        self.asked = True
        os.write(self._mouth, b".")
        if self._too_late:
            self._tell(self._too_late)

    @property
    def left_s(self) -> float:
        return max(self._ends_at - self._clock(), 0.0)

    def within(self, most_s: float) -> float:
        """As long as that, but not beyond the end; for time limits, so never 0."""
        return max(min(most_s, self.left_s), 0.05)

    def check(self) -> None:
        """Raises what says that it must end now."""
        if self._parent() != self._born_of:
            raise Orphaned("the agent is gone")
        if self.asked and not self._too_late:
            raise Cancelled("cancelled")
        if self._clock() >= self._ends_at:
            raise TimeUp("the time of this command is over")

    def wait(self, seconds: float) -> None:
        """Raises like `check`, as soon as there is reason to."""
        until = self._clock() + seconds
        self.check()
        while (left := until - self._clock()) > 0:
            pause = min(left, LOOK_EVERY_S, max(self.left_s, 0.001))
            if self.asked:  # the ear is full already: it is too late, and no wait would last
                time.sleep(pause)
            else:
                self._poll.poll(pause * 1000)
            self.check()

    def until(self, ready: Callable[[], bool], within_s: float, every_s: float = 0.25) -> bool:
        """Whether it became so in time. Raises like `check`."""
        ends = self._clock() + within_s
        while not ready():
            if self._clock() >= ends:
                return False
            self.wait(min(every_s, max(ends - self._clock(), 0.001)))
        return True

    @contextmanager
    def too_late(self, why: str) -> Iterator[None]:
        """While the block runs a wish to cancel is answered with `why` and not followed."""
        self.check()
        self._too_late = why
        try:
            yield
        finally:
            self._too_late = ""
