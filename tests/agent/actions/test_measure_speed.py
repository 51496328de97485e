"""Speed within the budget."""

from collections.abc import Callable

import pytest

from agent.actions.base import Failed
from agent.actions.measure_speed import measure
from agent.actions.office import Answer, Away
from tests.agent.actions.conftest import Bench
from tests.agent.actions.offices import OfficeDoor


def line(*took: float | None) -> tuple[list[int], Callable[[int], Answer]]:
    left, asked = list(took), list[int]()

    def piece(size: int) -> Answer:
        asked.append(size)
        took_s = left.pop(0)
        if took_s is None:
            raise Away("gone")
        return Answer(b"", took_s)

    return asked, piece


def test_both_ways_are_measured_at_the_door(bench: Bench, office: OfficeDoor) -> None:
    ended = bench.run("measure_speed", most_kb=64)
    assert ended.state == "succeeded", ended
    assert ended.facts["down_bytes"] == ended.facts["up_bytes"] == 64 * 1024
    assert float(str(ended.facts["down_kbit_s"])) > 0
    assert office.stored == []


def test_a_slow_line_is_not_paid_for_twice() -> None:
    asked, piece = line(8.0)
    assert measure(80_000, piece) == (10.0, 10_000)
    assert asked == [10_000]


def test_a_quick_line_gets_the_rest_and_never_more_than_the_budget() -> None:
    asked, piece = line(0.1, 0.7)
    assert measure(80_000, piece) == (800.0, 80_000)
    assert sum(asked) == 80_000


def test_a_line_that_breaks_in_between_still_tells_something() -> None:
    assert measure(80_000, line(0.1, None)[1]) == (800.0, 80_000)
    with pytest.raises(Failed):
        measure(80_000, line(None)[1])
