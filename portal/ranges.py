"""Part of a file, as a video player asks for it: `Range: bytes=FROM-TO`. Pure.

Owns one range of bytes; several at once, or other units, are answered with the whole, as the
standard allows. Never more than there is.
"""

import re
from typing import NamedTuple

_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.ASCII)


class Part(NamedTuple):
    """From byte `first` to byte `last`, both of them in it."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class Outside(ValueError):  # noqa: N818 - says where it lies
    """Nothing of what was asked for is there."""


def part(asked: str, size: int) -> Part | None:
    """None: the whole. Raises Outside."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:  # the last so many bytes
        first, last = max(size - int(found[2]), 0), size - 1
    else:
        first = int(found[1])
        last = min(int(found[2]), size - 1) if found[2] else size - 1
        if found[2] and int(found[2]) < first:
            return None
    if first > last:
        raise Outside(asked)
    return Part(first, last)
