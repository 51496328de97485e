"""Guesses at a receipt's four digits: a few, then a wait."""

from hypothesis import given
from hypothesis import strategies as st

from portal.tries import KEPT, MOST, WAIT_MS, Tries

NUMBER = "261122-0042-K7Q3M-R"


def test_after_a_few_wrong_guesses_one_waits_and_then_begins_anew() -> None:
    now = [1_000_000]
    tries = Tries(lambda: now[0])
    for _ in range(MOST):
        assert tries.wait_s(NUMBER) == 0
        tries.wrong(NUMBER)
    assert tries.wait_s(NUMBER) == WAIT_MS // 1_000
    assert tries.wait_s("another") == 0
    now[0] += WAIT_MS
    assert tries.wait_s(NUMBER) == 0
    tries.wrong(NUMBER)
    assert tries.wait_s(NUMBER) == 0


def test_who_knows_the_digits_after_all_is_not_counted() -> None:
    tries = Tries(lambda: 5)
    for _ in range(MOST - 1):
        tries.wrong(NUMBER)
    tries.right(NUMBER)
    tries.wrong(NUMBER)
    assert tries.wait_s(NUMBER) == 0


@given(st.lists(st.integers(0, 2**42), min_size=MOST, max_size=30))
def test_no_clock_makes_anybody_wait_longer_than_was_said(moments: list[int]) -> None:
    now = [0]
    tries = Tries(lambda: now[0])
    for moment in moments:
        now[0] = moment
        tries.wrong(NUMBER)
        assert 0 <= tries.wait_s(NUMBER) <= WAIT_MS // 1_000


def test_what_is_kept_of_guesses_is_bounded() -> None:
    tries = Tries(lambda: 0)
    for number in range(KEPT * 2):
        tries.wrong(str(number))
    assert len(tries._wrong) == KEPT
