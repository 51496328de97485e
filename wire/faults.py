"""The fault catalogue: what can be wrong, how bad it is, and what it means to whom.

A code is stable for ever; texts may improve. Device files report codes, the office's judge opens
and clears faults by the times given here.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Severity = Literal["info", "warn", "fail", "critical"]


class Text2(NamedTuple):
    id: str
    en: str


class Entry(NamedTuple):
    code: str
    severity: Severity
    name: Text2
    advice: Text2  # what a technician does
    citizen: Text2  # what it means to the citizen in front of the kiosk
    open_after_s: float  # evidence must hold this long before the fault opens
    clear_after_s: float  # and be gone this long before it clears


CATALOGUE: Mapping[str, Entry] = {}
