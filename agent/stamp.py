"""A finding becomes an observation: named, timed, and known to fit the wire. Pure.

A probe that hangs, crashes or talks nonsense is itself an observation: `unknown`, with the reason.
"""

import math
from typing import Any, Final

import msgspec

from agent.probes.base import Finding
from wire.messages import Observation

WHY_MOST: Final = 300
BYTES_MOST: Final = 5_000  # so that a whole picture fits into one message


def stamp(probe: str, finding: object, at: int, latency_ms: float) -> Observation:
    """The observation of `finding`; `unknown` when it is not one that may be sent."""
    if not isinstance(finding, Finding):
        return failed(probe, f"the probe returned {type(finding).__name__}", at, latency_ms)
    try:
        observation = _convert(probe, finding, at, latency_ms)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        return failed(probe, f"the probe returned nonsense: {error}", at, latency_ms)
    return observation


def failed(probe: str, why: str, at: int, latency_ms: float) -> Observation:
    latency_ms = round(min(max(latency_ms, 0.0), 3_600_000.0), 1)
    return Observation(
        probe=probe, state="unknown", why=_clean(why)[:WHY_MOST], at=at, latency_ms=latency_ms
    )


def _convert(probe: str, finding: Finding, at: int, latency_ms: float) -> Observation:
    facts = {
        name: _clean(fact) if isinstance(fact, str) else fact
        for name, fact in finding.facts.items()
    }
    for name, fact in facts.items():
        if isinstance(fact, float) and not math.isfinite(fact):
            raise ValueError(f"{name} is {fact}")
    members: dict[str, Any] = {
        "probe": probe,
        "state": finding.state,
        "facts": facts,
        "codes": tuple(finding.codes),
        "why": _clean(finding.why)[:WHY_MOST],
        "at": at,
        "latency_ms": round(latency_ms, 1),
    }
    observation = msgspec.convert(members, Observation)
    if len(msgspec.json.encode(observation)) > BYTES_MOST:
        raise ValueError(f"more than {BYTES_MOST} bytes")
    return observation


def _clean(text: object) -> str:
    """Text that may be sent: what a device says may hold half a character, or a zero byte."""
    return str(text).encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
