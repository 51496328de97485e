"""A dead or lying clock neither stops a kiosk nor lets old content in."""

import pytest

from agent.content.floor import DAY_MS, Clock
from agent.content.trouble import STALE, Stale
from agent.content.trust import Trust
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.signed_folder import NOW, SignedFolder

TREE = {"content.json": b"{}"}
DEAD = (0, 1_451_606_400_000)  # 1970 and 2016
FAR = 4_070_908_800_000  # 2099


def test_row_5_a_timestamp_frozen_past_its_expiry_is_stale(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.trust().release(BUNDLE, 1)
    fetcher.rtc = NOW + 8 * DAY_MS
    with pytest.raises(Stale) as caught:
        fetcher.trust().release(BUNDLE, 1)
    assert (caught.value.fault, caught.value.who) == (STALE, "office")


def test_row_5_a_dead_clock_does_not_hide_it_from_a_kiosk_that_hears_the_office(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.rtc, fetcher.low = 0, NOW + 8 * DAY_MS
    with pytest.raises(Stale):
        fetcher.trust().release(BUNDLE, 1)


@pytest.mark.parametrize("rtc", DEAD)
def test_row_6_a_dead_clock_at_start_goes_by_the_floor_and_says_so(
    releases: SignedFolder, fetcher: Fetcher, rtc: int
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.trust().release(BUNDLE, 1)
    fetcher.rtc = rtc
    trust = fetcher.trust()
    trust.release(BUNDLE, 1)
    assert trust.moment is not None
    assert (trust.moment.ms, trust.moment.believed) == (NOW, False)


@pytest.mark.parametrize("rtc", DEAD)
def test_row_6_what_had_expired_at_the_floor_stays_expired_for_a_dead_clock(
    releases: SignedFolder, fetcher: Fetcher, rtc: int
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.trust().release(BUNDLE, 1)
    fetcher.floor.rise(NOW + 8 * DAY_MS)
    fetcher.rtc = rtc
    with pytest.raises(Stale):
        fetcher.trust().release(BUNDLE, 1)


@pytest.mark.parametrize("rtc", [FAR, NOW + 300 * DAY_MS])
def test_row_7_a_clock_that_jumps_far_ahead_and_back_poisons_nothing(
    releases: SignedFolder, fetcher: Fetcher, rtc: int
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.trust().release(BUNDLE, 1)
    fetcher.rtc = rtc
    try:
        fetcher.trust().release(BUNDLE, 1)
        believed = True
    except Stale:
        believed = False
    assert believed is (rtc == FAR)  # so far ahead it can only be broken
    assert fetcher.floor.moment() == NOW
    fetcher.rtc = NOW + DAY_MS
    fetcher.trust().release(BUNDLE, 1)


def test_row_7_the_office_overrules_a_clock_that_is_ahead(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.rtc, fetcher.low = NOW + 300 * DAY_MS, NOW + DAY_MS
    fetcher.trust().release(BUNDLE, 1)


@pytest.mark.parametrize("said", [FAR, 2**53 - 1])
def test_row_7_a_time_that_a_thief_of_the_office_has_told_is_gone_with_what_he_told_it_by(
    releases: SignedFolder, fetcher: Fetcher, said: int
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.trust().release(BUNDLE, 1)
    floor = fetcher.floor
    floor.heard(said)  # by the office's key for commands, which the agent believes at present
    with pytest.raises(Stale):
        Trust(fetcher.state, fetcher.line(), Clock(lambda: NOW, lambda: None), floor).look()
    fetcher.trust().release(BUNDLE, 1)
