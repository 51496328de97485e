"""What the resident agent tells the child that installs, and what the child's end means. Pure.

One line of JSON on the child's standard input, then the end of it. The child believes of it what
it could not know itself: the office's time, and whether this agent has reached the office.
"""

from typing import Final

import msgspec
from msgspec import Struct

AGENT: Final = "agent"  # the bundle of the agent itself

DONE: Final = 0  # nothing to do before `again_s` of its status, if it names one
AGENT_NEW: Final = 42  # the agent itself has a new release: it starts anew
MUST_ACT: Final = 2  # a person must; tried again rarely, and whenever something new is wanted
LATER: Final = 75  # it goes on, from where it was, after `again_s`


class Trial(Struct, frozen=True):
    """`release`: of the agent that runs, 0 for what was installed by hand.

    `reached`: the office has acknowledged something since this process of the agent began.
    """

    release: int = 0
    reached: bool = False


class Told(Struct, frozen=True, kw_only=True):
    """What the office has proven of the time, and what this agent knows.

    `time`: between the first two moments (office ms) it was when CLOCK_BOOTTIME stood at the third
    (s); None while nothing was proven since this machine started. `floor`: the latest moment ever
    proven (ms). `taken`: the highest number of a report that was taken; new ones are numbered above
    it, whatever else is remembered.
    """

    time: tuple[int, int, float] | None = None
    floor: int = 0
    trial: Trial = Trial()
    taken: int = 0


def write(told: Told) -> bytes:
    return msgspec.json.encode(told) + b"\n"


def read(line: bytes) -> Told:
    """Nothing at all is told by hand: then everything is as by default. Raises ValueError."""
    return msgspec.json.decode(line, type=Told) if line.strip() else Told()
