"""What a probe is: one look at one device, told as a Finding.

A probe owns its device and its thresholds. It never keeps time for others, never retries, never
sends: the sampler decides when to look, how long a look may take, and turns whatever a probe
raises into `unknown` with the reason. What is expected to be absent is said by a code or by
`unknown`, not by an exception. Everything a probe touches (roots, hosts, clocks) is a constructor
argument, so that players and tests can hand it a simulated machine.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple, Protocol

from wire.faults import CATALOGUE
from wire.messages import Fact, State

Clock = Callable[[], float]
"""Monotonic seconds."""

Facts = dict[str, Fact]
"""Facts by name, the unit in the name."""

_STATE_OF_SEVERITY: Final[Mapping[str, State]] = {
    "info": "ok",
    "warn": "warn",
    "fail": "fail",
    "critical": "fail",
}
_RANK: Final[Mapping[State, int]] = {"ok": 0, "warn": 1, "fail": 2}


class Finding(NamedTuple):
    """What one look saw. `why` is one sentence for a technician, empty when ok."""

    state: State
    facts: Facts = {}  # noqa: RUF012 - a finding is only read once it is made
    codes: tuple[str, ...] = ()
    why: str = ""


class Probe(Protocol):
    """One device of the kiosk.

    `confirm` is how many readings in a row must agree before a worse state is believed.
    `bands` gives the dead band by fact: a numeric fact moving less is no reason to report. Without
    a band a fact compares exactly; `math.inf` means never by itself a reason to report.
    """

    @property
    def name(self) -> str: ...
    @property
    def period_s(self) -> float: ...
    @property
    def timeout_s(self) -> float: ...
    @property
    def confirm(self) -> int: ...
    @property
    def bands(self) -> Mapping[str, float]: ...

    def observe(self) -> Finding:
        """One look. May block up to `timeout_s` and may raise anything."""
        ...


def judge_codes(codes: Iterable[str]) -> State:
    """The worst state the catalogue gives to these codes; `ok` for none.

    A code the catalogue does not know counts as `fail`: a new fault must not hide as health.
    """
    states = [_state_of(code) for code in codes]
    return max(states, key=_RANK.__getitem__, default="ok")


def found(facts: Facts, codes: Iterable[str] = (), why: str = "") -> Finding:
    """A finding whose state follows from its codes."""
    codes = tuple(codes)
    return Finding(judge_codes(codes), facts, codes, why)


def cannot_tell(why: str, facts: Facts | None = None) -> Finding:
    """`unknown`, with the reason; facts that could be read are still told."""
    return Finding("unknown", facts or {}, (), why)


def _state_of(code: str) -> State:
    entry = CATALOGUE.get(code)
    return "fail" if entry is None else _STATE_OF_SEVERITY[entry.severity]
