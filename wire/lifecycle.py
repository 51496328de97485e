"""Every state machine of the house as a table: (state, event) -> state.

A pair that is not in its table is a programming error and raises IllegalMove: nobody guesses.
"""

from typing import Final

Table = dict[tuple[str, str], str]


class IllegalMove(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """The table has no such pair: the caller is wrong, not the kiosk."""


PRESENCE: Final[Table] = {
    # `never`: registered, nothing heard yet, raises no alarm
    ("never", "birth"): "online",
    ("never", "heard"): "online",
    ("never", "deaf"): "never",
    ("never", "will"): "never",
    ("never", "farewell"): "never",
    ("never", "silent"): "never",
    ("online", "birth"): "online",
    ("online", "heard"): "online",
    ("online", "will"): "offline",
    ("online", "farewell"): "offline",
    ("online", "deaf"): "unknown",
    ("online", "silent"): "offline",
    ("offline", "birth"): "online",
    ("offline", "heard"): "online",
    ("offline", "will"): "offline",
    ("offline", "farewell"): "offline",
    ("offline", "deaf"): "offline",
    ("offline", "silent"): "offline",
    # `unknown`: the office was deaf; only the kiosk or its silence at roll call decides
    ("unknown", "birth"): "online",
    ("unknown", "heard"): "online",
    ("unknown", "will"): "offline",
    ("unknown", "farewell"): "offline",
    ("unknown", "deaf"): "unknown",
    ("unknown", "silent"): "offline",
}

FAULT: Final[Table] = {
    # seen / gone: what the evidence says now; held: it has said so for long enough
    ("clear", "seen"): "pending",
    ("clear", "gone"): "clear",
    ("pending", "seen"): "pending",
    ("pending", "held"): "open",
    ("pending", "gone"): "clear",
    ("open", "seen"): "open",
    ("open", "gone"): "clearing",
    ("clearing", "gone"): "clearing",
    ("clearing", "seen"): "open",
    ("clearing", "held"): "clear",
}


def move(table: Table, state: str, event: str) -> str:
    """The next state. Raises IllegalMove when the table does not know the pair."""
    try:
        return table[state, event]
    except KeyError:
        raise IllegalMove(f"{event!r} in state {state!r}") from None


def states(table: Table) -> frozenset[str]:
    return frozenset(state for state, _ in table) | frozenset(table.values())
