"""The closed sets of words a question about the fleet may use, worst or most important first.

Owns no table and no text for people: the console translates. A word outside its set is refused
by whoever asks (`check_words`), never ignored: a filter that is silently dropped lies.
"""

import unicodedata
from collections.abc import Collection
from typing import Final

from controller.store.tables import WORST_FIRST

STATES: Final = WORST_FIRST
PRESENCES: Final = ("offline", "unknown", "online", "never")
SERVICES: Final = ("inform", "apply", "complain", "watch")
ANSWERS: Final = ("no", "unknown", "yes")
SEVERITIES: Final = ("critical", "fail", "warn", "info")


class BadQuestion(ValueError):  # noqa: N818 - says what happened, like the rest of the house
    """The asker used a word nobody knows. `field`, `value` and what is `allowed` say which."""

    def __init__(self, field: str, value: object, allowed: Collection[str]) -> None:
        self.field = field
        self.value = str(value)[:80]
        self.allowed = tuple(allowed)
        super().__init__(f"{field}: {self.value!r} is not one of {', '.join(self.allowed)}")


def check_words(field: str, values: Collection[str], allowed: Collection[str]) -> None:
    """Raises BadQuestion for the first of `values` that is not `allowed`."""
    for value in values:
        if value not in allowed:
            raise BadQuestion(field, value, allowed)


def check_text(field: str, value: str, most: int = 80) -> None:
    """Raises BadQuestion for text too long, or with characters no name has.

    A zero byte or a lone surrogate would otherwise be an error deep inside PostgreSQL.
    """
    if len(value) > most:
        raise BadQuestion(field, value, [f"at most {most} characters"])
    if not is_text(value):
        raise BadQuestion(field, value, ["text without control characters"])


def is_text(value: str) -> bool:
    """No control character (line ends, terminal colours, zero bytes) and no half of a pair."""
    return not any(unicodedata.category(char) in ("Cc", "Cs") for char in value)
