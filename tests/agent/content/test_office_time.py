"""What the child knows of time."""

from agent.content.floor import DAY_MS
from agent.content.office_time import Times
from agent.content.told import Told

NOW = 1_795_000_000_000


def times(told: Told, rtc: int, boottime: float = 100.0, floor: int = NOW) -> Times:
    return Times(told, lambda: rtc, lambda: boottime, lambda: floor)


def test_the_steady_clock_carries_on_what_the_office_said() -> None:
    told = Told(time=(NOW, NOW + 50, 40.0))
    low = times(told, rtc=0).low()
    assert low is not None
    assert NOW + 59_000 < low <= NOW + 60_000
    assert times(told, rtc=0).office() == low


def test_without_the_office_the_own_clock_counts_as_far_as_it_is_believed() -> None:
    assert times(Told(), rtc=NOW + DAY_MS).office() == NOW + DAY_MS
    assert times(Told(), rtc=0).office() is None
    assert times(Told(), rtc=NOW + 1000 * DAY_MS).office() is None
    assert times(Told(), rtc=0).clock.low() is None


def test_what_the_agent_remembers_counts_like_our_own_floor() -> None:
    assert times(Told(floor=NOW), rtc=5, floor=0).office() is None
