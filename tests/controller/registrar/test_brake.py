"""An account does a thing so often an hour and no more; others do not wait with it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

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
