"""Why something cannot be asked for so, told before and refused when it is asked for all the same.

Holds what is a problem of every request over kiosks; what is one of commands or of releases alone
is said where those are weighed.
"""

from collections.abc import Iterable, Iterator, Sized
from typing import NamedTuple

from controller.jobs.refused import Lacks, Refused
from controller.jobs.rows import MOST_WHY
from controller.words import is_text


class Problem(NamedTuple):
    """The code and words of Refused; `lacks`: a power."""

    code: str
    why: str
    lacks: str = ""


def refuse_first(problems: Iterable[Problem]) -> None:
    """Raises Refused or Lacks unless there is none."""
    for problem in problems:
        raise Lacks(problem.lacks) if problem.lacks else Refused(problem.code, problem.why)


def of_any(targets: Sized, at_most: int, why: str) -> Iterator[Problem]:
    """`targets`: the kiosks it is about. `at_most`: so many its asker has seen, 0 for none."""
    if not targets:
        yield Problem("asked", "no kiosk of yours is among those")
    if 0 < at_most < len(targets):
        grown = f"these are {len(targets)} kiosks by now, and you have seen {at_most}"
        yield Problem("grown", grown)
    if len(why) > MOST_WHY or not is_text(why):
        yield Problem("why", f"a reason has at most {MOST_WHY} characters, on one line")


def a_reason(why: str) -> str:
    """Trimmed. Raises Refused (`why`)."""
    why = why.strip()
    if not 0 < len(why) <= MOST_WHY or not is_text(why):
        raise Refused("why", f"this needs a reason of 1 to {MOST_WHY} characters, on one line")
    return why
