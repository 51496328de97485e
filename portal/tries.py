"""How often somebody may guess the four digits of a receipt at this screen.

Owns the counting, by receipt number, in memory: a receipt that was left lying is not the citizen's,
and ten thousand guesses are one afternoon. Who guessed too often waits; a right answer ends that.
Knows no digits. The office counts, too (its own way): this holds while there is no line.
"""

from collections.abc import Callable
from typing import Final

MOST: Final = 5
WAIT_MS: Final = 15 * 60_000
KEPT: Final = 500  # numbers; then the one guessed at longest ago is forgotten


class Tries:
    """`clock` in milliseconds. For one thread at a time."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._wrong: dict[str, tuple[int, int]] = {}  # how many, and when the last one was

    def wait_s(self, number: str) -> int:
        """How long nobody may guess at that number, 0 when somebody may."""
        count, last = self._wrong.get(number, (0, 0))
        # a clock that was put back keeps nobody waiting longer than that
        left = min(last + WAIT_MS - self._clock(), WAIT_MS)
        return -(-left // 1_000) if count >= MOST and left > 0 else 0

    def wrong(self, number: str) -> None:
        count, last = self._wrong.pop(number, (0, 0))
        again = 0 <= self._clock() - last < WAIT_MS
        self._wrong[number] = (count + 1 if again else 1, self._clock())
        while len(self._wrong) > KEPT:
            del self._wrong[next(iter(self._wrong))]

    def right(self, number: str) -> None:
        self._wrong.pop(number, None)
