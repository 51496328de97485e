"""The agents' English sentences in the language of the page: known ones by a table. Pure.

Owns the matching, not the words: they stand in texts/said.<language>.toml. Never drops or guesses:
what is not in the table, and what a device itself said, stays as it came and is marked as English.
"""

import re
import string
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

_SHAPES: Final = {"fact": r"[a-z][a-z0-9_]*", "number": r"[+-]?[0-9][0-9.]*", "probe": r"[a-z_]+"}
_ENGLISH: Final = re.compile(r"[A-Za-z]{2,}[ ,.:]+[A-Za-z]{2,}")


class Piece(NamedTuple):
    """A run of text; `foreign` when it is in the agent's English, not in the page's language."""

    text: str
    foreign: bool = False


Wording = Callable[[str, str], str | None]  # (field, text) -> how this field's text is said here


class Sayings:
    """A table of English sentences with {fields} to sentences of one language."""

    def __init__(self, table: Mapping[str, str]) -> None:
        fixed = {english: ours for english, ours in table.items() if "{" not in english}
        self._fixed = fixed
        self._shaped = [
            (pattern(english), ours) for english, ours in table.items() if english not in fixed
        ]

    def say(self, sentence: str, wording: Wording) -> tuple[Piece, ...]:
        """The sentence, several joined by `; ` one by one."""
        whole = self._known(sentence, wording)
        if whole:
            return whole
        parts = sentence.split("; ")
        if len(parts) == 1:
            return (Piece(sentence, foreign=_ENGLISH.search(sentence) is not None),)
        told = [self.say(part, wording) for part in parts]
        joined = [piece for said in told for piece in (Piece("; "), *said)]
        return tuple(joined[1:])

    def _known(self, sentence: str, wording: Wording) -> tuple[Piece, ...]:
        if sentence in self._fixed:
            return (Piece(self._fixed[sentence]),)
        for shape, ours in self._shaped:
            found = shape.fullmatch(sentence)
            if found:
                return tuple(self._filled(ours, found.groupdict(), wording))
        return ()

    def _filled(self, ours: str, fields: Mapping[str, str], wording: Wording) -> list[Piece]:
        pieces = []
        for literal, name, _, _ in string.Formatter().parse(ours):
            pieces.append(Piece(literal))
            if name:
                kind, text = name.rstrip("0123456789"), fields[name]
                here = wording(kind, text)
                pieces += [Piece(here)] if here is not None else self.say(text, wording)
        return [piece for piece in pieces if piece.text]


def pattern(english: str) -> re.Pattern[str]:
    """A sentence with {fields} as an expression; a field's name says what it may hold."""
    parts = []
    for literal, name, _, _ in string.Formatter().parse(english):
        parts.append(re.escape(literal))
        if name:
            shape = _SHAPES.get(name.rstrip("0123456789"), ".+?")
            parts.append(f"(?P<{name}>{shape})")
    return re.compile("".join(parts))
