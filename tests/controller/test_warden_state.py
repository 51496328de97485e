"""How the lists stand, told by what the warden said last and when."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.store.engine import open_engine, writing
from controller.warden_state import CONDITIONS, SIGN_MS, Spoken, condition, half_life, standing
from provisioning.warden import report

NOW = 1_800_000_000_000
DAY = 86_400_000
WELL = Spoken(NOW, 5, NOW, NOW + 7 * DAY, 1, "", NOW, 9, NOW)


def test_all_is_fine() -> None:
    assert condition(WELL, NOW + 20_000)[:4] == ("fine", (), "", None)


def test_before_the_first_word_there_is_silence() -> None:
    assert condition(None, NOW).condition == "silent"


@pytest.mark.parametrize(
    ("changed", "expected", "reason"),
    [
        ({"heard_at": NOW - 30_001}, "silent", "silent"),
        ({"crl_signed_at": NOW - 3 * DAY, "crl_next_update": NOW + 4 * DAY}, "fine", None),
        ({"crl_signed_at": NOW - 4 * DAY, "crl_next_update": NOW + 3 * DAY}, "old", "list_old"),
        ({"crl_signed_at": NOW - 8 * DAY, "crl_next_update": NOW - DAY}, "old", "list_ended"),
        ({"lists_ok": 0}, "unproven", "unproven"),
        ({"checkpoint_at": NOW - SIGN_MS - 1}, "unproven", "log_unsigned"),
    ],
)
def test_row_37_every_trouble_has_its_condition(
    changed: dict[str, Any], expected: str, reason: str | None
) -> None:
    found = condition(WELL._replace(**changed), NOW)
    assert found.condition == expected
    assert found.reasons == (() if reason is None else (reason,))


def test_row_37_the_alarm_comes_at_half_the_lists_life() -> None:
    assert half_life(WELL) == NOW + 3 * DAY + DAY // 2
    awake = WELL._replace(heard_at=half_life(WELL), checkpoint_at=half_life(WELL))
    assert condition(awake, half_life(WELL) - 1).condition == "fine"
    found = condition(awake, half_life(WELL))
    assert (found.condition, found.since) == ("old", half_life(WELL))


def test_the_worst_comes_first_and_the_rest_is_told_too() -> None:
    found = condition(WELL._replace(lists_ok=0, lists_why="the broker was open"), NOW + 4 * DAY)
    assert found.condition == "silent"
    assert found.reasons == ("silent", "list_old", "unproven", "log_unsigned")
    assert found.detail == "the broker was open"


@given(st.tuples(*[st.integers(0, 2 * NOW)] * 4), st.integers(0, 2 * NOW))
def test_there_is_always_one_condition(times: tuple[int, ...], now: int) -> None:
    heard, signed, until, marked = times
    spoken = Spoken(heard, 1, signed, until, 1, "", heard, 1, marked)
    found = condition(spoken, now)
    assert found.condition in CONDITIONS
    assert (found.condition == "fine") is (not found.reasons)


def test_it_is_read_from_the_wardens_row(database: str) -> None:
    engine = open_engine(database)
    with engine.connect() as conn:
        assert standing(conn, NOW).spoken is None
    with writing(engine) as conn:
        report.write(conn, WELL, None)
    with engine.connect() as conn:
        assert standing(conn, NOW) == condition(WELL, NOW)
