"""What the kiosk sees now, and how much of it the office has been told. Pure, in memory.

Owns the coalescing: however often a probe looks while the line is down, one observation of it is
sent, the newest. A value that is back within the band of what was reported is no longer news.
"""

from collections.abc import Mapping

from agent.band import Bands, worth_reporting
from wire.messages import Observation


class Picture:
    """Bands by probe; the picture is `complete` when every one of these probes has been seen."""

    def __init__(self, bands: Mapping[str, Bands]) -> None:
        self._bands = bands
        self._latest: dict[str, Observation] = {}
        self._told: dict[str, Observation] = {}
        self._news: dict[str, None] = {}  # in the order in which it became news

    @property
    def probes(self) -> tuple[str, ...]:
        return tuple(self._bands)

    @property
    def complete(self) -> bool:
        return len(self._latest) == len(self._bands)

    @property
    def has_news(self) -> bool:
        return bool(self._news)

    @property
    def latest(self) -> Mapping[str, Observation]:
        return self._latest

    def see(self, observation: Observation) -> None:
        probe = observation.probe
        self._latest[probe] = observation
        if worth_reporting(self._told.get(probe), observation, self._bands[probe]):
            self._news[probe] = None
        else:
            self._news.pop(probe, None)

    def take_news(self) -> tuple[Observation, ...]:
        return self._tell(tuple(self._news))

    def take_all(self) -> tuple[Observation, ...]:
        return self._tell(tuple(self._latest))

    def forget_told(self) -> None:
        """The office may know nothing of it: a new connection, or a reading it did not get."""
        self._told.clear()
        self._news = dict.fromkeys(self._latest)

    def _tell(self, probes: tuple[str, ...]) -> tuple[Observation, ...]:
        for probe in probes:
            self._told[probe] = self._latest[probe]
            self._news.pop(probe, None)
        return tuple(self._latest[probe] for probe in probes)
