"""Facts go back N: which fact to send next, and when to begin again. Pure but for its outbox.

Owns the promise that facts reach the office in order and that none is skipped: it sends from the
oldest unacknowledged one, waits for the office's acknowledgement, and goes back when it fails to
come. An office that is away is probed with one fact, ever more rarely, not flooded.
"""

import math
from collections import deque
from typing import Final, Protocol

from agent.outbox import KeptFact

WINDOW: Final = 64  # facts sent and not yet acknowledged by the office
ACK_WITHIN_S: Final = 20.0
ACK_WITHIN_MOST_S: Final = 600.0
CALM_S: Final = 2.0  # between two returns on the office's word: its answers may be old
RETRY_READ_S: Final = 5.0
_FETCH: Final = 16


class Facts(Protocol):
    """What the outbox offers the sender."""

    @property
    def oldest(self) -> int: ...
    @property
    def newest(self) -> int: ...
    def after(self, number: int, limit: int) -> list[KeptFact]: ...
    def forget(self, upto: int) -> None: ...


class Replay:
    """One pass over the outbox after another. `now` is monotonic seconds."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._ready: deque[KeptFact] = deque()
        self._told_oldest = 0
        self._patience = ACK_WITHIN_S
        self._window = WINDOW
        self._not_before = 0.0
        self._acked = self._sent = 0
        self._deadline = math.inf
        self._went_back = 0.0
        self.begin(0.0)

    def begin(self, now: float) -> None:
        """A birth was sent: again from the oldest, which the birth has named."""
        self._told_oldest = self._facts.oldest
        self._acked = self._told_oldest - 1
        self._go_back(now)

    @property
    def needs_birth(self) -> bool:
        """The outbox had to drop facts: only a birth can tell the office not to wait for them."""
        return self._facts.oldest > max(self._acked + 1, self._told_oldest)

    def next(self, now: float) -> KeptFact | None:
        """The fact to send now, counted as sent when it is returned."""
        if self._sent > self._acked and now >= self._deadline:
            self._patience = min(2 * self._patience, ACK_WITHIN_MOST_S)
            self._window = 1
            self._go_back(now)
        if not self._may_send(now):
            return None
        if not self._ready:
            self._ready.extend(self._facts.after(self._sent, _FETCH))
        if not self._ready or self._ready[0].number != self._sent + 1:
            self._ready.clear()
            self._not_before = now + RETRY_READ_S
            return None
        if self._sent == self._acked:
            self._deadline = now + self._patience
        self._sent += 1
        return self._ready.popleft()

    def acknowledged(self, upto: int, now: float) -> bool:
        """False when the office is behind what was forgotten here: only a birth can help it."""
        if upto > self._facts.newest:  # never made: the office is mistaken, we lose nothing
            return True
        if upto > self._acked:
            self._progress(upto, now)
        elif self._sent > self._acked:
            if upto < self._acked:
                return False
            if now - self._went_back >= CALM_S:
                self._go_back(now)
        return True

    def due(self) -> float:
        """When `next` may have something although nothing happened."""
        waits = self._sent > self._acked
        has_more = self._sent < self._facts.newest and self._sent - self._acked < self._window
        return min(
            self._deadline if waits else math.inf,
            self._not_before if has_more else math.inf,
        )

    def _may_send(self, now: float) -> bool:
        return (
            now >= self._not_before
            and self._sent < self._facts.newest
            and self._sent - self._acked < self._window
        )

    def _progress(self, upto: int, now: float) -> None:
        self._acked = upto
        self._sent = max(self._sent, upto)
        while self._ready and self._ready[0].number <= self._sent:
            self._ready.popleft()
        self._patience = ACK_WITHIN_S
        self._window = min(2 * self._window, WINDOW)
        self._deadline = now + self._patience
        self._facts.forget(upto)

    def _go_back(self, now: float) -> None:
        self._sent = self._acked
        self._ready.clear()
        self._went_back = now
        self._deadline = math.inf
