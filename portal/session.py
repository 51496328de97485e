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
    """`clock` in seconds, steady. For many threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        # One value, so that nobody sees a new word with the moment of the one before it.
        self._last = ("unknown", 0.0)

    def say(self, word: str) -> None:
        """The page says it is "open" or "closed"."""
        self._last = (word, self._clock())

    @property
    def word(self) -> str:
        """Its last one, or "unknown" when that was "open" too long ago."""
        last = self._last
        return "unknown" if self._has_lapsed(last) else last[0]

    @property
    def lapsed(self) -> bool:
        """It was "open", and too long ago."""
        return self._has_lapsed(self._last)

    def _has_lapsed(self, last: tuple[str, float]) -> bool:
        word, said = last
        return word == "open" and self._clock() - said > LEASE_S
