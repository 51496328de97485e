"""All players of one process and the clock of their stories: who is due acts, wishes are fulfilled.

Owns the order of turns. Starts no thread: whoever runs it calls `step` again and again, and waits
between two steps for as long as it says.
"""

import time
from collections.abc import Callable, Iterable
from typing import Final

from provisioning.players.life import Turn
from provisioning.players.player import Player
from provisioning.players.wishes import Wishes

LOOK_S: Final = 0.25  # for wishes: a kiosk that shall reboot has said good-bye to nobody yet

Tell = Callable[[str, Turn], object]


class Stage:
    """`speed` is that of the stories; `tell` hears each turn with the name of its kiosk."""

    def __init__(
        self,
        players: Iterable[Player],
        wishes: Wishes,
        tell: Tell,
        *,
        speed: float = 1.0,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._players = {player.name: player for player in players}
        self._wishes, self._tell, self._speed, self._seconds = wishes, tell, speed, seconds
        self._opened = seconds()

    def add(self, players: Iterable[Player]) -> None:
        """More of them, also while another thread is in `step`."""
        self._players = {**self._players, **{player.name: player for player in players}}

    @property
    def now(self) -> float:
        """Seconds of the story."""
        return (self._seconds() - self._opened) * self._speed

    def step(self) -> float:
        """Everything that is due; the seconds until something may be due again."""
        for wish in self._wishes.take():
            if (player := self._players.get(wish.kiosk)) is not None:
                self._told(player, player.grant(wish, self.now))
        for player in self._players.values():
            player.tend()
        now = self.now
        while (first := self._first()) is not None and first.due <= now:
            self._told(first, first.act_next())
        wait = LOOK_S if first is None else (first.due - self.now) / self._speed
        return min(max(wait, 0.0), LOOK_S)

    def _first(self) -> Player | None:
        """Who is due first: the story of a seed is one, however quick this machine is."""
        return min(self._players.values(), key=lambda player: player.due, default=None)

    def _told(self, player: Player, turn: Turn | None) -> None:
        if turn is not None:
            self._tell(player.name, turn)
