"""Spreading a job over time: waves, rate, windows in time zones, jitter; one seed, one plan."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.jobs.plan import (
    CANARY,
    CannotPlan,
    Plan,
    Slot,
    Window,
    careful,
    check,
    missed,
    of_json,
    schedule,
    sizes,
    to_json,
)

NOW = 1_790_000_000_000
HOUR, DAY = 3_600_000, 86_400_000
SEED = "a" * 32


def kiosks(count: int) -> list[str]:
    return [f"k-{number:05d}" for number in range(count)]


def moments(plan: Plan, count: int, start: int = NOW, days: float = 30) -> list[int]:
    found = schedule(plan, kiosks(count), start, start + int(days * DAY), SEED)
    return [slot.after for slot in found.values()]


def at(text: str, zone: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def local(moment: int, zone: str) -> str:
    return datetime.fromtimestamp(moment / 1000, ZoneInfo(zone)).isoformat(timespec="minutes")[:16]


@pytest.mark.parametrize(
    ("waves", "count", "expected"),
    [
        (("100%",), 7, [7]),
        (("50%", "100%"), 20, [10, 10]),
        (CANARY, 1, [1]),
        (CANARY, 2, [1, 1]),
        (CANARY, 20, [1, 19]),
        (CANARY, 1000, [1, 49, 950]),
        (("10", "5", "100%"), 20, [5, 5, 10]),
        (("500", "100%"), 20, [20]),
    ],
)
def test_waves_are_cuts_and_empty_ones_are_left_out(
    waves: tuple[str, ...], count: int, expected: list[int]
) -> None:
    assert sizes(waves, count) == expected


def test_a_careful_plan_has_a_canary_and_keeps_what_was_asked() -> None:
    assert sizes(careful(Plan()).waves, 1000) == [1, 49, 950]
    assert sizes(careful(Plan(waves=("1%", "50%", "100%"))).waves, 1000) == [1, 9, 40, 450, 500]


def test_without_wishes_everybody_begins_at_once() -> None:
    assert set(moments(Plan(), 100)) == {NOW}


def test_a_rate_gives_each_its_turn() -> None:
    found = moments(Plan(rate_per_min=6), 10)
    assert found == [NOW + 10_000 * number for number in range(10)]


def test_waves_stand_apart_by_the_pause() -> None:
    found = schedule(
        Plan(waves=("2", "100%"), pause_s=600, rate_per_min=60),
        kiosks(4),
        NOW,
        NOW + DAY,
        SEED,
    )
    assert list(found.values()) == [
        Slot(1, NOW),
        Slot(1, NOW + 1000),
        Slot(2, NOW + 601_000),
        Slot(2, NOW + 602_000),
    ]


def test_a_window_opens_by_the_clock_of_its_own_zone() -> None:
    plan = Plan(window=Window("0 22 * * 1-5", 480, "Asia/Jakarta"))
    start = at("2026-09-25T12:00", "Asia/Jakarta")  # a Friday
    assert local(moments(plan, 1, start)[0], "Asia/Jakarta") == "2026-09-25T22:00"
    within = at("2026-09-26T03:00", "Asia/Jakarta")  # Saturday, still Friday's night
    assert moments(plan, 1, within) == [within]
    over = at("2026-09-26T06:00", "Asia/Jakarta")
    assert local(moments(plan, 1, over)[0], "Asia/Jakarta") == "2026-09-28T22:00"


def test_what_does_not_fit_into_one_window_goes_on_in_the_next() -> None:
    plan = Plan(rate_per_min=1, window=Window("0 22 * * *", 2, "UTC"))
    found = [local(one, "UTC")[11:] for one in moments(plan, 5, at("2026-03-01T00:00", "UTC"))]
    assert found == ["22:00", "22:01", "22:00", "22:01", "22:00"]


def test_the_end_of_a_month_is_a_day_like_any_other() -> None:
    plan = Plan(window=Window("30 1 L * *", 60, "Asia/Jakarta"))
    found = moments(plan, 1, at("2028-02-10T00:00", "Asia/Jakarta"))
    assert local(found[0], "Asia/Jakarta") == "2028-02-29T01:30"
    only_31 = Plan(window=Window("0 0 31 * *", 60, "UTC"))
    assert local(moments(only_31, 1, at("2026-04-02T00:00", "UTC"), days=60)[0], "UTC") == (
        "2026-05-31T00:00"
    )


def test_the_night_the_clock_is_put_forward_has_its_window_once() -> None:
    berlin = "Europe/Berlin"
    plan = Plan(rate_per_min=1, window=Window("30 2 * * *", 1, berlin))
    found = [local(one, berlin) for one in moments(plan, 3, at("2026-03-28T12:00", berlin))]
    assert found == ["2026-03-29T03:00", "2026-03-30T02:30", "2026-03-31T02:30"]


def test_the_night_the_clock_is_put_back_has_its_window_once() -> None:
    berlin = "Europe/Berlin"
    plan = Plan(rate_per_min=1, window=Window("30 2 * * *", 1, berlin))
    found = [local(one, berlin) for one in moments(plan, 2, at("2026-10-24T12:00", berlin))]
    assert found == ["2026-10-25T02:30", "2026-10-26T02:30"]


def test_whoever_missed_its_turn_has_one_when_the_window_opens_next() -> None:
    jakarta, berlin = "Asia/Jakarta", "Europe/Berlin"
    night = Window("0 1 * * *", 240, jakarta)
    noon = at("2026-09-22T12:00", jakarta)
    assert missed(Plan(), "ff", noon) == noon
    assert local(missed(Plan(window=night), "ff", noon), jakarta) == "2026-09-23T01:00"
    within = at("2026-09-23T04:59", jakarta)
    assert missed(Plan(window=night), "ff", within) == within
    spring = missed(
        Plan(window=Window("30 2 * * *", 9, berlin)), "f", at("2026-03-28T12:00", berlin)
    )
    assert local(spring, berlin) == "2026-03-29T03:00"
    with pytest.raises(CannotPlan):
        missed(Plan(window=Window("0 0 30 2 *", 60)), "f", noon)


def test_those_who_missed_their_turn_keep_apart_in_the_next_window() -> None:
    noon = at("2026-09-22T12:00", "UTC")
    night = Window("0 1 * * *", 60, "UTC")
    opens = missed(Plan(window=night), "0", noon)
    for plan, room in [
        (Plan(window=night, rate_per_min=1), 3_600_000),
        (Plan(window=night, jitter_s=30), 30_001),
        (Plan(window=night, jitter_s=9_999), 3_600_000),
    ]:
        found = {missed(plan, f"{number:x}", noon) - opens for number in range(0, 10**9, 9_999_991)}
        assert len(found) > 90
        assert all(0 <= one < room for one in found)


@pytest.mark.parametrize(
    "window",
    [
        Window("0 0 30 2 *", 60),
        Window("0 22 * * *", 0),
        Window("0 22 * * *", 20_000),
        Window("0 22 * *", 60),
        Window("0 0 22 * * *", 60),
        Window("; rm -rf /", 60),
        Window("61 * * * *", 60),
        Window("* * * * *", 60, "Mars/Olympus"),
        Window("* * * * *", 60, "../../etc/passwd"),
        Window("* * * * *", 60, ""),
    ],
)
def test_a_window_that_never_opens_is_refused(window: Window) -> None:
    with pytest.raises(CannotPlan):
        check(Plan(window=window))


@pytest.mark.parametrize(
    "plan",
    [
        Plan(waves=()),
        Plan(waves=("50%",)),
        Plan(waves=("0", "100%")),
        Plan(waves=("200%", "100%")),
        Plan(waves=("-1", "100%")),
        Plan(waves=("1",) * 20 + ("100%",)),
        Plan(pause_s=-1),
        Plan(rate_per_min=10**9),
        Plan(jitter_s=10**9),
        Plan(stop_failed_percent=101),
        Plan(stop_failed_count=-1),
    ],
)
def test_what_no_job_may_have_is_refused(plan: Plan) -> None:
    with pytest.raises(CannotPlan):
        check(plan)


def test_a_plan_that_cannot_end_in_time_says_so() -> None:
    with pytest.raises(CannotPlan, match="41 min too late"):
        moments(Plan(rate_per_min=1), 101, days=1 / 24)
    with pytest.raises(CannotPlan, match="window does not open"):
        moments(Plan(window=Window("0 22 1 1 *", 60, "UTC")), 1, at("2026-03-01T00:00", "UTC"))


windows = st.none() | st.builds(
    Window,
    st.sampled_from(["0 22 * * *", "*/15 * * * *", "0 1 * * 6", "30 2 * * *"]),
    st.integers(1, 600),
    st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "UTC"]),
)
plans = st.builds(
    Plan,
    st.sampled_from([("100%",), CANARY, ("50%", "100%")]),
    st.integers(0, 900),
    st.sampled_from([0, 1, 60, 1000]),
    windows,
    st.integers(0, 600),
)


@given(plans, st.integers(1, 60), st.integers(NOW, NOW + 400 * DAY))
def test_every_plan_keeps_its_own_rules(plan: Plan, count: int, start: int) -> None:
    names, end = kiosks(count), start + 30 * DAY
    try:
        found = schedule(plan, names, start, end, SEED)
    except CannotPlan:
        return
    assert list(found) == names
    assert found == schedule(plan, names, start, end, SEED)
    assert all(start <= slot.after < end for slot in found.values())
    assert [slot.wave for slot in found.values()] == sorted(s.wave for s in found.values())
    waves = sorted({slot.wave for slot in found.values()})
    for wave in waves[1:]:
        before = max(s.after for s in found.values() if s.wave == wave - 1)
        first = min(s.after for s in found.values() if s.wave == wave)
        assert first >= before + plan.pause_s * 1000


@given(plans)
def test_a_plan_is_stored_and_read_as_it_was(plan: Plan) -> None:
    assert of_json(to_json(plan)) == plan
    assert of_json({**to_json(plan), "pardoned": 3}) == plan


def test_84000_kiosks_are_planned_in_a_moment() -> None:
    found = moments(Plan(waves=CANARY, rate_per_min=1000, jitter_s=30), 84_000)
    assert len(found) == 84_000
