"""What a display server or driver tells of the screen, and what a sample of its pixels says.

Pure. A sample is whole rows spread over the picture, not a screenshot: 48 rows of a full HD
picture are 4 % of it. What moves must therefore be at least a 48th of the screen high to be
noticed, and nothing on the screen can be read back from the eight digits of the digest.
"""

import zlib
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

ROWS: Final = 48
_DARK: Final = bytes(range(16))


class Picture(NamedTuple):
    digest: str  # 8 hexadecimal digits over the sampled rows
    black: bool | None  # one colour all over, or nothing brighter than 15 of 255


class Look(NamedTuple):
    """Three-valued throughout: None is "cannot tell". Sizes are pixels as people see them."""

    backend: str
    connected: bool | None = None
    lit: bool | None = None
    width: int | None = None
    height: int | None = None
    picture: Picture | None = None


class NoScreen(Exception):  # noqa: N818 - absence, not a mistake
    """There is nothing of this kind to look at; the text says why."""


class Backend(Protocol):
    """One way to look. Raises OSError or NoScreen when there is nothing to look at."""

    def look(self, *, sample: bool) -> Look:
        """`sample` asks for pixels; none are taken from an output that is off."""
        ...


def sampled_rows(height: int) -> range:
    """The rows to sample, at most ROWS, spread evenly."""
    step = max(1, -(-height // ROWS))
    return range(step // 2, height, step)


def judge(rows: Sequence[bytes], pixel: int, *, channels: bool) -> Picture | None:
    """`rows` of equal length, `pixel` bytes each; `channels` if every byte is one colour's value.

    Bytes of a pixel that carry no colour must be zero.
    """
    if not rows or not rows[0]:
        return None
    digest = 0
    for row in rows:
        digest = zlib.crc32(row, digest)
    # Both stop at the first row that shows something: a living picture costs next to nothing.
    plain = rows[0][:pixel] * (len(rows[0]) // pixel)
    black = all(row == plain for row in rows)
    if channels and not black:
        black = all(not row.translate(None, _DARK) for row in rows)
    return Picture(f"{digest:08x}", black)
