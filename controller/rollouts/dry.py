"""What a rollout would mean before anybody says go: kiosks, phases, bytes, time, cost. Reads only."""

from typing import NamedTuple

from sqlalchemy import Connection

from controller.deeds import Doer
from controller.rollouts.ask import Request

METADATA: int = 3_000  # bytes of signed metadata when something is new


class Line(NamedTuple):
    """What is assumed of kiosks that never told their rate. `price_per_mb` in any currency."""

    kbit: float = 2_000.0
    price_per_mb: float = 0.0


class Problem(NamedTuple):
    """Why it cannot be asked for so: the code and words of Refused; `lacks`: a power."""

    code: str
    why: str
    lacks: str = ""


class KioskCost(NamedTuple):
    """`since`: what it has now, 0 for nothing. `bytes`: at most so many cross its line.

    `seconds`: at the rate of its last fetch (`measured`), or as assumed.
    """

    kiosk: str
    phase: int
    control: bool
    since: int
    bytes: int
    seconds: float
    cost: float
    measured: bool


class DryRun(NamedTuple):
    """`phases`: kiosks in each, those held back last. `by_since`: release in use -> kiosks.

    `slowest_s`: of the slowest kiosk; `bytes` and `cost` of all together. `costliest`: at most 20
    kiosks, the most expensive first. `warnings`: sentences for whoever asks, nothing forbids it.
    """

    kiosks: int
    online: int
    held_back: int
    phases: tuple[int, ...]
    by_since: dict[int, int]
    bytes: int
    slowest_s: float
    cost: float
    approvals: int
    costliest: tuple[KioskCost, ...]
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]


def dry_run(conn: Connection, by: Doer, request: Request, now: int, line: Line = Line()) -> DryRun:
    """Writes nothing. Raises Refused (`unknown`: no such release or kiosk), Lacks, Outside."""
    raise NotImplementedError
