"""Whether what is seen is worth reporting, beside what was last reported. Pure.

A state, a code or a word that changed always is; a number only beyond its dead band, measured from
the last REPORTED value, so that a slow drift is told as soon as it adds up.
"""

import math
from collections.abc import Mapping
from typing import Final, TypeGuard

from wire.messages import Fact, Observation

Bands = Mapping[str, float]
_NO_DIGITS: Final = str.maketrans("", "", "0123456789")


def worth_reporting(reported: Observation | None, seen: Observation, bands: Bands) -> bool:
    """True when the office must hear of `seen`. A probe never reported always is worth it."""
    if reported is None:
        return True
    return (
        seen.state != reported.state
        or seen.codes != reported.codes
        or seen.facts.keys() != reported.facts.keys()
        or any(
            _moved(reported.facts[name], fact, bands.get(name, 0.0))
            for name, fact in seen.facts.items()
        )
        or (seen.state == "unknown" and _reason(seen) != _reason(reported))
    )


def _moved(reported: Fact, seen: Fact, band: float) -> bool:
    if band == math.inf:
        return False
    if _is_number(reported) and _is_number(seen):
        return abs(seen - reported) > band
    # True is not 1 here: a fact that changes its kind has changed.
    return type(reported) is not type(seen) or reported != seen


def _is_number(fact: Fact) -> TypeGuard[int | float]:
    return isinstance(fact, int | float) and not isinstance(fact, bool)


def _reason(observation: Observation) -> str:
    """Why it is unknown, without the numbers: ports and seconds differ at every look."""
    return observation.why.translate(_NO_DIGITS)
