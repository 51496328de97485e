"""The resident agent's part of the citizens' services, joined: what is told, and what is brought.

Owns the joining and what counts as a believed clock. Imported only where agent.toml has [citizens].
"""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from agent.config import Citizens
from agent.submissions.errand import Errand, Running
from agent.submissions.seen import Seen
from wire.messages import Observation
from wire.policy import Time

CLOCK_MS: Final = 120_000  # so far may ours be from the office's and still date a receipt
Start = Callable[[tuple[str, ...]], Running | None]


class Resident:
    """`start` starts `python -m agent.submissions` with further words; None: nothing is brought."""

    def __init__(
        self,
        citizens: Citizens,
        start: Start | None,
        *,
        monotonic: Callable[[], float],
        wall_ms: Callable[[], int],
        rng: random.Random,
    ) -> None:
        self._wall_ms = wall_ms
        self._seen = Seen(Path(citizens.notices), monotonic=monotonic, wall_ms=wall_ms)
        self._errand = start and Errand(
            citizens.tray, citizens.asks, citizens.sync_s, start, monotonic=monotonic, rng=rng
        )

    def sighted(self, observation: Observation) -> None:
        """From any thread."""
        self._seen.sighted(observation)

    def news(self) -> bool:
        """The office has something new for citizens. From any thread; True: `tick` is wanted."""
        return bool(self._errand and self._errand.news())

    def tick(self, *, online: bool, time: Time | None) -> None:
        """`time` is the office's, as far as it is known."""
        self._seen.tick(online=online, sure=self._sure(time))
        if self._errand:
            self._errand.tick(up=online)

    def due(self) -> float:
        return self._errand.due() if self._errand else float("inf")

    def stop(self) -> None:
        if self._errand:
            self._errand.stop()

    @property
    def trouble(self) -> str:
        return self._errand.trouble if self._errand else ""

    def _sure(self, time: Time | None) -> bool:
        if time is None:
            return False
        return time.earliest - CLOCK_MS <= self._wall_ms() <= time.latest + CLOCK_MS
