"""A system that is away for a weekend loses nothing; one that is away for good is told of."""

from controller.back.pacing import WAITS, again_at

HOUR = 3_600_000


def test_each_try_waits_at_least_as_long_as_the_one_before_and_all_last_a_weekend() -> None:
    assert list(WAITS) == sorted(WAITS)
    assert 60 * HOUR < sum(WAITS) < 96 * HOUR
    now = 0
    for tries in range(1, len(WAITS) + 1):
        at = again_at(tries, now)
        assert at is not None
        assert at > now
        now = at


def test_after_the_last_one_people_must_look() -> None:
    assert again_at(len(WAITS) + 1, 0) is None
