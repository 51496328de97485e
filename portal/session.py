"""Whether a citizen has something of theirs on the page: its last word, and how long that counts.

Owns the lease. A page says "open" again every half minute as long as it is; one that has hung or
was closed without a word says nothing any more, and after LEASE_S nobody is taken to be there:
a crash may keep an update waiting for two minutes, not for ever.
"""

from collections.abc import Callable
from typing import Final

LEASE_S: Final = 120.0
WORDS: Final = {"/session/open": "open", "/session/closed": "closed"}


class Session:
    """`clock` in seconds, steady."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._word = "unknown"  # until the page has said one
        self._said = 0.0

    def say(self, word: str) -> None:
        """The page says it is "open" or "closed"."""
        self._word, self._said = word, self._clock()

    @property
    def word(self) -> str:
        """Its last one, or "unknown" when that was "open" too long ago."""
        return "unknown" if self.lapsed else self._word

    @property
    def lapsed(self) -> bool:
        """It was "open", and too long ago."""
        return self._word == "open" and self._clock() - self._said > LEASE_S
