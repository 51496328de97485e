"""The registrar's own brake on wrong digits: for the day on which the door is a thief's."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from controller.registrar import protocol
from controller.registrar.client import CannotOpen
from controller.registrar.tries import MOST_OF_KIOSK, MOST_OF_RECORD, Tries
from controller.store.citizen_tables import submission
from controller.store.engine import writing
from tests.support.registrar import NAME, Clock, Registry
from wire.service.days import DAY_MS

NUMBER = "261122-0001-K7Q3M-R"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tries"


def wrong(tries: Tries, times: int, number: str = NUMBER) -> None:
    for _ in range(times):
        assert not tries.right(NAME, number, lambda: False)


def waits(tries: Tries, number: str = NUMBER, kiosk: str = NAME) -> bool:
    """Even the right digits."""
    try:
        return not tries.right(kiosk, number, lambda: True)
    except CannotOpen as why:
        return why.code == "wait"


def test_a_record_waits_for_tomorrow_after_too_many_and_others_do_not(
    path: Path, clock: Clock
) -> None:
    tries = Tries(path, clock)
    wrong(tries, MOST_OF_RECORD - 1)
    for _ in range(100):
        assert not waits(tries), "right ones count for nothing"
    wrong(tries, 1)
    assert waits(tries)
    assert not waits(tries, "261122-0002-K7Q3M-R")
    assert not waits(tries, kiosk="bdg-sukasari-2")
    clock.now += DAY_MS
    assert not waits(tries)


def test_all_records_of_a_kiosk_wait_after_too_many_together(path: Path, clock: Clock) -> None:
    tries = Tries(path, clock)
    for one in range(MOST_OF_KIOSK):
        wrong(tries, 1, f"261122-{one}")
    assert waits(tries)
    assert not waits(tries, kiosk="bdg-sukasari-2")


def test_a_restart_and_a_clock_put_back_forget_nothing(path: Path, clock: Clock) -> None:
    wrong(Tries(path, clock), MOST_OF_RECORD - 1)
    with path.open("a") as file:
        file.write("2")  # the last line was cut off
    tries = Tries(path, clock)
    wrong(tries, 1)
    clock.now -= DAY_MS
    assert waits(tries)
    clock.now += 2 * DAY_MS
    assert not waits(Tries(path, clock))


def test_a_file_that_cannot_be_written_keeps_nobody_from_an_answer(
    path: Path, clock: Clock
) -> None:
    tries = Tries(path, clock)
    path.mkdir()
    wrong(tries, MOST_OF_RECORD)
    assert waits(tries), "it is counted in memory all the same"
    clock.now += DAY_MS
    assert not waits(tries)


def test_who_tries_many_at_once_has_no_more_tries(path: Path, clock: Clock) -> None:
    tries = Tries(path, clock)

    def one(_: int) -> bool:
        try:
            return tries.right(NAME, NUMBER, lambda: False)
        except CannotOpen:
            return True

    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(one, range(200))].count(False) == MOST_OF_RECORD


@given(st.binary(max_size=200))
def test_whatever_stands_in_the_file_is_read(said: bytes) -> None:
    import tempfile  # noqa: PLC0415 - hypothesis and fixtures of a function do not go together

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tries"
        path.write_bytes(said)
        assert not waits(Tries(path, Clock()))


def guess(registry: Registry, tail: str) -> protocol.Said:
    return registry.desk().answer_door(protocol.Tail(kiosk=NAME, number=NUMBER, tail=tail))


def test_row_61_a_stolen_door_cannot_try_all_digits_at_the_registrar(registry: Registry) -> None:
    registry.accepted(registry.portal().record())
    for one in range(MOST_OF_RECORD):
        assert guess(registry, f"{one:04}") == protocol.Known(yes=False)
    said = guess(registry, "4321")
    assert isinstance(said, protocol.Refused)
    assert said.code == "wait"
    registry.clock.now += DAY_MS
    assert guess(registry, "4321") == protocol.Known(yes=True)


def test_row_61_a_stolen_door_learns_no_digits_from_records_it_forges(registry: Registry) -> None:
    """It may write the database: so it can make room for others under the same number."""
    portal = registry.portal()
    registry.accepted(portal.record())
    (kept,) = [row.tail for row in registry.rows(submission)]
    with writing(registry.engine) as conn:
        conn.execute(update(submission).values(number="aside", uid="f" * 32))
    forged = portal.record(number=NUMBER, tail="4321")
    registry.accepted(forged)
    assert registry.rows(submission)[-1].tail != kept, "the right digits look like wrong ones"


def test_a_number_without_digits_fills_nothing(registry: Registry) -> None:
    registry.accepted(registry.portal().record(tail=""))
    for one in range(MOST_OF_RECORD + 1):
        assert guess(registry, f"{one:04}") == protocol.Known(yes=False)
    assert not (registry.folder / "keys" / "tries").exists()
