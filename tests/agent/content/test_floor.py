"""What was seen once is never forgotten, and no clock can poison it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.content.floor import AHEAD_MS, DAY_MS, Clock, Floor, Mark, Moment, reference

NOW = 1_795_000_000_000
MOMENTS = st.integers(min_value=0, max_value=2**43)


def test_a_floor_outlives_the_process(tmp_path: Path) -> None:
    floor = Floor(tmp_path / "floor.json")
    floor.rise(NOW)
    floor.confirm("layanan", 7)
    floor.saw({"content": Mark(4, "k")}, NOW + 5, "online")
    again = Floor(tmp_path / "floor.json")
    assert (again.moment(), again.moment(online=False), again.least("layanan")) == (NOW + 5, NOW, 7)
    assert again.below({"content": Mark(3, "k")}) == "content 3, and 4 was seen before"


def test_it_only_rises(tmp_path: Path) -> None:
    floor = Floor(tmp_path / "floor.json")
    floor.rise(NOW)
    floor.rise(NOW - 1)
    floor.confirm("layanan", 7)
    floor.confirm("layanan", 3)
    assert (floor.moment(), floor.least("layanan"), floor.least("portal")) == (NOW, 7, 0)


def test_other_keys_begin_anew(tmp_path: Path) -> None:
    floor = Floor(tmp_path / "floor.json")
    floor.saw({"timestamp": Mark(2**31, "stolen")}, NOW * 2, "stolen")
    new = {"timestamp": Mark(5, "new")}
    assert floor.below(new) == ""
    floor.saw(new, NOW, "new")
    assert floor.moment() == NOW


def test_what_the_office_says_of_the_time_counts_and_is_not_kept(tmp_path: Path) -> None:
    floor = Floor(tmp_path / "floor.json")
    floor.heard(NOW)
    floor.confirm("layanan", 1)
    assert (floor.moment(), floor.moment(online=False)) == (NOW, 0)
    assert Floor(tmp_path / "floor.json").moment() == 0


def test_a_moment_that_no_calendar_knows_is_a_late_one() -> None:
    assert Moment(2**53, False).utc.year > 8000


@pytest.mark.parametrize("name", ["floor.json", "floor.spare.json"])
def test_one_of_the_two_copies_is_enough(tmp_path: Path, name: str) -> None:
    Floor(tmp_path / "floor.json").rise(NOW)
    (tmp_path / name).write_bytes(b"\0\0\0")
    floor = Floor(tmp_path / "floor.json")
    assert floor.moment() == NOW
    assert (name in floor.mishap) is (name == "floor.json")
    floor.rise(NOW + 1)
    assert Floor(tmp_path / name).moment() == NOW + 1


@pytest.mark.parametrize("wreck", [b"", b"[]", b'{"moment":"x"}', b"\xff\xfe"])
def test_a_copy_that_is_none_does_not_stop_the_kiosk(tmp_path: Path, wreck: bytes) -> None:
    for name in ("floor.json", "floor.spare.json"):
        (tmp_path / name).write_bytes(wreck)
    floor = Floor(tmp_path / "floor.json")
    assert floor.moment() == 0
    assert floor.mishap


def test_what_is_known_already_is_not_written_again(tmp_path: Path) -> None:
    floor = Floor(tmp_path / "floor.json")
    floor.saw({"root": Mark(2)}, NOW, "online")
    assert floor.knows({"root": Mark(2)}, NOW - 1, "online")
    assert not floor.knows({"root": Mark(3)}, NOW, "online")
    before = (tmp_path / "floor.json").stat().st_mtime_ns
    floor.saw({"root": Mark(2)}, NOW - 1, "online")
    assert (tmp_path / "floor.json").stat().st_mtime_ns == before


@given(MOMENTS, MOMENTS)
def test_time_is_never_before_the_floor_nor_far_beyond_it(rtc: int, floor: int) -> None:
    moment = reference(rtc, None, floor).ms
    assert moment >= floor
    assert moment < floor + AHEAD_MS or not floor


@given(MOMENTS, MOMENTS, MOMENTS)
def test_the_offices_word_is_what_counts(rtc: int, low: int, floor: int) -> None:
    assert reference(rtc, low, floor).ms == low


def test_a_clock_a_day_behind_is_not_believed() -> None:
    assert reference(NOW - DAY_MS, None, NOW).believed
    assert not reference(NOW - DAY_MS - 1, None, NOW).believed
    assert reference(0, None, 0).believed  # nothing is known that speaks against it


def test_hours_of_people_go_on_by_a_clock_that_is_wrong() -> None:
    times = iter((5, 6))
    clock = Clock(lambda: next(times), lambda: None)
    assert (clock.ticking(), clock.ticking()) == (5, 6)
    assert Clock(lambda: 5, lambda: NOW).ticking() == NOW
