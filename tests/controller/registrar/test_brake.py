"""An account does a thing so often an hour and no more; others do not wait with it."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.registrar.brake import HOUR_MS, Brake
from controller.registrar.client import CannotOpen


def let_in(brake: Brake, account: int, now: int) -> bool:
    try:
        brake.check(account, now)
    except CannotOpen:
        return False
    return True


def test_an_hour_after_the_first_one_there_is_room_again() -> None:
    brake = Brake(2, "looks")
    assert [let_in(brake, 1, now) for now in (0, 1, 2, HOUR_MS - 1)] == [True, True, False, False]
    assert let_in(brake, 2, 2)
    assert [let_in(brake, 1, HOUR_MS) for _ in range(2)] == [True, False]
    assert let_in(brake, 1, HOUR_MS + 1)


def test_it_is_said_how_many_of_what() -> None:
    brake = Brake(0, "complaints")
    with pytest.raises(CannotOpen, match="more than 0 complaints in an hour") as why:
        brake.check(1, 0)
    assert why.value.code == "denied"


def test_many_at_once_are_as_many_as_one_after_the_other() -> None:
    brake = Brake(50, "looks")
    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(lambda _: let_in(brake, 1, 0), range(200))].count(True) == 50


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    brake = Brake(2, "looks", tmp_path)
    assert [let_in(brake, account, 5) for account in (1, 1, 2)] == [True] * 3
    with (tmp_path / "looks").open("a") as file:
        file.write("2 5")  # the last line was cut off
    again = Brake(2, "looks", tmp_path)
    assert [let_in(again, account, HOUR_MS - 1) for account in (1, 2)] == [False, True]
    assert let_in(again, 1, HOUR_MS + 5)
    assert let_in(Brake(2, "complaints", tmp_path), 1, 5), "another brake has its own"


def test_the_file_holds_what_counts_and_an_hour_more(tmp_path: Path) -> None:
    brake = Brake(600, "looks", tmp_path)
    for hour in range(9):
        assert all(let_in(brake, 1, hour * HOUR_MS + n) for n in range(50))
    assert len((tmp_path / "looks").read_text().splitlines()) == 99


def test_a_file_that_cannot_be_written_keeps_nobody_from_working(tmp_path: Path) -> None:
    brake = Brake(2, "looks", tmp_path)
    (tmp_path / "looks").mkdir()
    assert [let_in(brake, 1, n) for n in range(3)] == [True, True, False]


@given(st.binary(max_size=60))
def test_whatever_stands_in_the_file_is_read(said: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "looks").write_bytes(said)
        assert let_in(Brake(60, "looks", Path(folder)), 1, 0)
