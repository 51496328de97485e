"""How long to stay away from a broker that is not there, or that throws us out. Pure.

Full jitter: after a broker's restart ten thousand kiosks must not come back in step. A connection
that ends soon after it opened, again and again, is another machine with our name (or a broker in
trouble): both would throw each other out every second for ever, so we step back for minutes.
"""

import random
from typing import Final

SETTLED_S: Final = 60.0  # a connection that lived this long clears what was before
BRIEF_S: Final = 10.0
BRIEF_MOST: Final = 3  # brief connections in a row before we step back
STEP_BACK_S: Final = (60.0, 300.0)
GROWTH: Final = 3.0


class Backoff:
    """Delays in seconds between `min_s` and `max_s`, more when stepping back."""

    def __init__(self, rng: random.Random, min_s: float = 1.0, max_s: float = 120.0) -> None:
        self._rng = rng
        self._min_s = min_s
        self._max_s = max_s
        self._failures = 0
        self._brief = 0

    @property
    def stepping_back(self) -> bool:
        return self._brief > BRIEF_MOST

    def after(self, lived_s: float | None, *, taken_over: bool = False) -> float:
        """The delay after a connection that lived so long; None when it never opened."""
        if lived_s is not None and lived_s >= SETTLED_S:
            self._failures = 0
        else:
            self._failures += 1
        if lived_s is not None:
            self._brief = self._brief + 1 if lived_s < BRIEF_S else 0
        if taken_over:
            self._brief = BRIEF_MOST + 1
        if self.stepping_back:
            return self._rng.uniform(*STEP_BACK_S)
        most = min(self._max_s, self._min_s * GROWTH ** min(self._failures + 1, 20))
        return self._rng.uniform(self._min_s, max(most, self._min_s))
