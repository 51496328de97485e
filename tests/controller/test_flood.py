"""A bucket of words a kiosk: deep for who comes back after weeks, too small for a flood."""

from hypothesis import given
from hypothesis import strategies as st

from controller.flood import DEPTH, MUTED_MS, REFILL_S, WORD, Flood


def poured(flood: Flood, messages: int, now: int = 0, kiosk: str = "k-1") -> int:
    return sum(flood.admits(kiosk, 200, now) for _ in range(messages))


def test_row_53_ten_thousand_a_second_are_too_many_and_others_are_not_touched() -> None:
    flood = Flood()
    heard = sum(poured(flood, 1000, now) for now in range(0, 5000, 100))
    assert heard <= DEPTH + 5 * REFILL_S + 1
    assert flood.admits("k-2", 200, 5000)


def test_who_comes_back_with_a_backlog_is_heard() -> None:
    assert poured(Flood(), int(DEPTH)) == DEPTH


def test_large_messages_count_for_many() -> None:
    flood = Flood()
    assert sum(flood.admits("k-1", 15 * WORD, 0) for _ in range(10_000)) == DEPTH // 16


def test_the_bucket_fills_again() -> None:
    flood = Flood()
    poured(flood, 20_000)
    assert not flood.admits("k-1", 200, 0)
    assert poured(flood, 100, now=5_000) == 5 * REFILL_S


def test_it_is_sentenced_until_that_was_carried_out_and_again_afterwards() -> None:
    flood = Flood()
    assert flood.sentence("k-1", 5) == 5 + MUTED_MS
    assert flood.sentence("k-1", 6) == 6 + MUTED_MS  # the first was not stored
    flood.carried_out({"k-1": 5 + MUTED_MS})
    assert flood.sentence("k-1", 7) == 0
    assert flood.sentence("k-1", 6 + MUTED_MS) > 0


def test_quiet_kiosks_are_not_remembered() -> None:
    flood = Flood()
    for number in range(500):
        flood.admits(f"k-{number}", 200, number)
    flood.admits("k-0", 200, 60_000)
    assert len(flood) == 1


def test_a_clock_put_back_shuts_nobody_out() -> None:
    flood = Flood()
    poured(flood, 20_000, now=1_000_000)
    flood.admits("k-2", 200, 1_011_000)
    assert poured(flood, 1, now=500) == 0
    flood.admits("k-2", 200, 20_000)
    assert poured(flood, 1, now=20_000) >= 0


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 300_000)), max_size=50))
def test_it_never_admits_more_than_depth_and_refill(steps: list[tuple[int, int]]) -> None:
    flood, now, words = Flood(), 0, 0
    for pause, size in steps:
        now += pause
        if flood.admits("k-1", size, now):
            words += 1 + size // WORD
    assert words <= DEPTH + now * REFILL_S / 1000 + 1
