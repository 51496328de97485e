"""How fast the line to the office is, each way, for no more bytes than were allowed.

A small piece first: on a slow line that is measure enough, and the rest of the budget is not spent.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from agent.actions.base import Context, Failed, Outcome, done
from agent.actions.office import Answer, Ask, Away, Office
from wire.actions import Speed
from wire.door import MOST_SPEED, SPEED_PATH

if TYPE_CHECKING:
    from agent.probes.base import Facts

FIRST_PART: Final = 8  # an eighth of the budget
QUICK_S: Final = 1.0
STEP_S: Final = 25.0


class Measured(NamedTuple):
    """`used` is what the line carried, in bytes; the rate comes from the last piece."""

    kbit_s: float
    used: int


def do(context: Context) -> Outcome:
    budget = min(context.args(Speed).most_kb * 1024, MOST_SPEED)
    office = Office(context.config, context.stop)
    context.progress(10, "down")
    down = measure(budget, lambda size: _down(office, size))
    context.progress(55, "up")
    up = measure(budget, lambda size: _up(office, size))
    facts: Facts = {
        "down_kbit_s": down.kbit_s,
        "up_kbit_s": up.kbit_s,
        "down_bytes": down.used,
        "up_bytes": up.used,
    }
    return done(facts)


def measure(budget: int, piece: Callable[[int], Answer]) -> Measured:
    """Raises Failed `door` when nothing at all could be measured."""
    first = budget // FIRST_PART
    try:
        took_s = piece(first).took_s
    except Away as away:
        raise Failed("door", str(away)) from away
    small = Measured(_rate(first, took_s), first)
    if took_s > QUICK_S:
        return small
    rest = budget - first
    try:
        return Measured(_rate(rest, piece(rest).took_s), budget)
    except Away:
        return Measured(small.kbit_s, budget)  # it may have carried all but the last byte


def _down(office: Office, size: int) -> Answer:
    answer = office.ask(Ask("GET", SPEED_PATH, f"bytes={size}", most=size, step_s=STEP_S))
    if len(answer.body) != size:
        raise Away(f"{len(answer.body)} bytes came instead of {size}")
    return answer


def _up(office: Office, size: int) -> Answer:
    return office.ask(Ask("POST", SPEED_PATH, body=os.urandom(size), step_s=STEP_S))


def _rate(size: int, took_s: float) -> float:
    return round(8 * size / max(took_s, 0.0005) / 1000, 1)
