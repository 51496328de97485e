"""What befalls a played kiosk, and when: a pure story told from a seed.

Every mishap of a kiosk is a stream of its own (begin, end, begin, end ...), so that adding one to
the table does not move the others. Never touches a device; `player.py` acts it out.
"""

from collections.abc import Iterator
from heapq import merge
from random import Random
from typing import Final, NamedTuple


class Mishap(NamedTuple):
    name: str
    every_s: float  # mean time from its end to its next begin, on one kiosk
    lasts_s: float  # mean time until somebody, or the kiosk, mends it


class Turn(NamedTuple):
    at: float  # seconds since the player started
    mishap: str
    begins: bool


# Sixty kiosks with these means have four to eight in trouble at any time, as a bad week has.
MISHAPS: Final = (
    Mishap("paper_out", 5400, 150),
    Mishap("paper_low", 4500, 400),
    Mishap("paper_jam", 14400, 200),
    Mishap("toner_low", 18000, 900),
    Mishap("receipt_out", 7200, 150),
    Mishap("receipt_cover", 14400, 60),
    Mishap("queue_stuck", 14400, 180),
    Mishap("browser_hang", 7200, 90),
    Mishap("hung_page", 21600, 600),  # until somebody starts the browser anew
    Mishap("browser_gone", 10800, 60),
    Mishap("wrong_page", 14400, 120),
    Mishap("screen_off", 10800, 180),
    Mishap("hot", 10800, 300),
    Mishap("disk_filling", 14400, 400),
    Mishap("on_battery", 10800, 240),
    Mishap("line_drop", 7200, 60),
    Mishap("power_cut", 18000, 120),
)
THIN_LINE: Final = Mishap("line_drop", 1200, 120)


def mishaps_for(line: str) -> tuple[Mishap, ...]:
    """The table for a kiosk whose line is `fibre` or `thin`; a thin one drops more often."""
    if line != "thin":
        return MISHAPS
    return tuple(THIN_LINE if mishap.name == THIN_LINE.name else mishap for mishap in MISHAPS)


def life(seed: int, kiosk: str, mishaps: tuple[Mishap, ...] = MISHAPS) -> Iterator[Turn]:
    """Everything that happens to this kiosk, in order of time, without an end."""
    return merge(*(_stream(Random(f"{seed}/{kiosk}/{m.name}"), m) for m in mishaps))  # noqa: S311 - a story, no secret


def _stream(dice: Random, mishap: Mishap) -> Iterator[Turn]:
    # The story starts in its middle: some kiosks are already in trouble when it opens.
    at = dice.expovariate(1 / mishap.every_s) - mishap.lasts_s
    while True:
        ends = at + max(20.0, dice.expovariate(1 / mishap.lasts_s))
        if ends > 0:
            yield Turn(max(0.0, at), mishap.name, begins=True)
            yield Turn(ends, mishap.name, begins=False)
        at = ends + dice.expovariate(1 / mishap.every_s)
