"""The counter behind receipt numbers: durable before it is used, so none is given out twice.

Owns two copies of one small number. A cut between counting and handing in leaves a gap; nobody is
told of numbers that were never shown. A copy that rots is outvoted by the other: they are never
more than one apart, and the larger one counts, plus one.
"""

import secrets
from pathlib import Path
from typing import Final

from portal import durable

COPIES: Final = ("counter", "counter.2")
FIRST_BELOW: Final = 9_000  # a kiosk set up anew on the same day must not begin where it began


class Damaged(OSError):  # noqa: N818 - says what happened
    """Both copies are there and say nothing: a technician must act."""


class Counter:
    """One thread at a time; `folder` is there."""

    def __init__(self, folder: Path) -> None:
        self._copies = [folder / name for name in COPIES]

    def next(self) -> int:
        """Never the same again, whatever is cut. Raises OSError: then nothing was counted."""
        number = self._last() + 1
        text = f"{number}\n".encode()
        for copy in self._copies:
            durable.write(copy, text)
        return number

    def _last(self) -> int:
        there = [copy for copy in self._copies if copy.exists()]
        said = [number for copy in there if (number := _read(copy)) is not None]
        if said:
            # The one that rotted may have been one ahead: it was written first.
            return max(said) + (len(said) < len(there))
        if there:
            raise Damaged(f"{there[0]}: no number, and nobody knows which were given out")
        return secrets.randbelow(FIRST_BELOW)


def _read(path: Path) -> int | None:
    text = path.read_bytes()
    whole = text.endswith(b"\n") and text[:-1].isdigit() and len(text) < 10
    return int(text) if whole else None
