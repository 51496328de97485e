"""A wish to stop that a signal handler may utter at any moment.

threading.Event will not do: `set` takes the lock that `wait` holds for an instant in the very
thread the handler interrupts, and then both wait for ever. SimpleQueue.put is made for handlers.
"""

import signal
from collections.abc import Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue


class Stop:
    """As threading.Event, without `clear`; waited for by one thread."""

    def __init__(self) -> None:
        self._told: SimpleQueue[None] = SimpleQueue()
        self._set = False

    def set(self) -> None:
        self._set = True
        self._told.put(None)

    def is_set(self) -> bool:
        return self._set

    def wait(self, timeout: float | None = None) -> bool:
        """True as soon as it is set, False when `timeout` seconds are over."""
        if not self._set:
            with suppress(Empty):
                self._told.get(timeout=timeout)
        return self._set

    def obey(self, numbers: Iterable[signal.Signals]) -> None:
        """From now on these signals set it. To be called by the main thread."""
        for number in numbers:
            signal.signal(number, lambda *_: self.set())
