"""A small memory is saved often, a large one seldom, and the disk gets the same either way."""

from hypothesis import given
from hypothesis import strategies as some

from broker_config.saving import Saving


def test_a_small_office_is_saved_every_few_seconds() -> None:
    assert Saving().every_s(20_000) == 3


def test_a_nations_sessions_are_saved_about_every_half_minute() -> None:
    assert 30 <= Saving().every_s(17_300_000) <= 40


@given(some.integers(min_value=0, max_value=10**12))
def test_the_disk_is_never_asked_for_more_than_its_share(size: int) -> None:
    saving = Saving()
    every_s = saving.every_s(size)
    assert saving.least_s <= every_s <= saving.most_s
    if saving.least_s < every_s < saving.most_s:
        assert abs(size / every_s - saving.bytes_per_s) < 1
