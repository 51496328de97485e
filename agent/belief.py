"""What to believe of a probe that has just looked. Pure.

A worse state is believed when it was seen `confirm` times in a row; a better one, or `unknown`, at
once: a door that is opened for a second is no fault, and what cannot be seen must not look well.
"""

from typing import Final, NamedTuple

from wire.messages import Observation, State

_RANK: Final[dict[State, int]] = {"ok": 0, "warn": 1, "fail": 2}


class Sighting(NamedTuple):
    """What is now believed. `flipped_from` is the state before, None when it has not changed."""

    observation: Observation
    flipped_from: State | None


class Belief:
    """One probe's. Before the first sighting nothing is believed, so nothing flips."""

    def __init__(self, confirm: int) -> None:
        self._confirm = confirm
        self._state: State | None = None
        self._in_a_row = 0

    def weigh(self, seen: Observation) -> Sighting | None:
        """None: not yet, look again soon."""
        if self._is_worse(seen.state):
            self._in_a_row += 1
            if self._in_a_row < self._confirm:
                return None
        self._in_a_row = 0
        before, self._state = self._state, seen.state
        return Sighting(seen, before if before != seen.state else None)

    def _is_worse(self, state: State) -> bool:
        believed = 0 if self._state is None else _RANK.get(self._state, 0)
        return _RANK.get(state, 0) > believed
