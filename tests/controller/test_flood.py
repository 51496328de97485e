"""A bucket of points a kiosk: deep for who comes back after weeks, too small for a flood."""

from hypothesis import given
from hypothesis import strategies as st

from controller.flood import DEAR, DEPTH, IN_FLIGHT, MUTED_MS, REFILL_S, WORD, Flood, Said

DAY_MS = 86_400_000
PER_S = int(REFILL_S / DEAR)
READINGS = int(DEPTH / DEAR)


def poured(
    flood: Flood, messages: int, now: int = 0, *, kind: str = "reading", unheard_ms: int = 0
) -> int:
    """In batches of a hundred."""
    heard = 0
    for number in range(messages):
        if number % 100 == 0:
            flood.begin()
        heard += flood.admits(Said("k-1", kind, 200, unheard_ms), now)
    return heard


def test_row_53_ten_thousand_a_second_are_too_many_and_others_are_not_touched() -> None:
    flood = Flood()
    heard = sum(poured(flood, 1000, now) for now in range(0, 5000, 100))
    assert heard <= READINGS + 5 * PER_S + 1
    assert flood.admits(Said("k-2", "reading", 200), 5000)


def test_row_53_facts_that_do_not_wait_for_an_answer_are_a_flood_too() -> None:
    flood = Flood()
    flood.begin()
    heard = sum(flood.admits(Said("k-1", "flip", 200), 0) for _ in range(5_000))
    assert heard == IN_FLIGHT + (DEPTH - IN_FLIGHT) // DEAR


def test_who_comes_back_with_a_backlog_of_facts_is_heard() -> None:
    flood = Flood()
    for _ in range(150):  # it waits for our answer after each batch
        flood.begin()
        assert all(flood.admits(Said("k-1", "flip", 200), 0) for _ in range(IN_FLIGHT))


def test_what_waited_at_the_broker_while_the_office_was_away_is_no_flood() -> None:
    assert poured(Flood(), 17_000, unheard_ms=2 * DAY_MS) == 17_000  # one in ten seconds
    assert poured(Flood(), 100_000, unheard_ms=400 * DAY_MS) < 60_000


def test_a_silence_is_made_up_for_once_whatever_is_said() -> None:
    flood = Flood()
    poured(flood, 100_000, unheard_ms=DAY_MS)
    later = DAY_MS // 2  # and nothing it said was understood: it counts as unheard still
    assert poured(flood, 100_000, now=later, unheard_ms=DAY_MS + later) <= READINGS + 1


def test_large_messages_count_for_many() -> None:
    flood = Flood()
    heard = sum(flood.admits(Said("k-1", "reading", 15 * WORD), 0) for _ in range(10_000))
    assert heard == READINGS // 16


def test_the_bucket_fills_again() -> None:
    flood = Flood()
    poured(flood, 2 * READINGS)
    assert not flood.admits(Said("k-1", "reading", 200), 0)
    assert poured(flood, 100, now=5_000) == 5 * PER_S


def test_a_batch_that_is_given_again_counts_once() -> None:
    flood = Flood()
    for _ in range(1_000):  # the database is away
        assert poured(flood, 60, unheard_ms=0) == 60
        flood.undo()
    assert len(flood) == 0
    assert poured(flood, READINGS) == READINGS
    flood.begin()
    flood.admits(Said("k-1", "reading", 200), 1_000)
    flood.undo()
    assert poured(flood, 20, now=1_000) == PER_S


def test_it_is_sentenced_until_that_was_carried_out_and_again_afterwards() -> None:
    flood = Flood()
    assert flood.sentence("k-1", 5) == 5 + MUTED_MS
    assert flood.sentence("k-1", 6) == 6 + MUTED_MS  # the first was not stored
    flood.carried_out({"k-1": 5 + MUTED_MS})
    assert flood.sentence("k-1", 7) == 0
    assert flood.sentence("k-1", 6 + MUTED_MS) > 0
    assert Flood(2_000).sentence("k-1", 5) == 2_005


def test_quiet_kiosks_are_not_remembered() -> None:
    flood = Flood()
    for number in range(500):
        flood.admits(Said(f"k-{number}", "reading", 200), number)
    flood.admits(Said("k-0", "reading", 200), 60_000)
    assert len(flood) == 1


def test_a_clock_put_back_shuts_nobody_out() -> None:
    flood = Flood()
    poured(flood, 2 * READINGS, now=1_000_000)
    flood.admits(Said("k-2", "reading", 200), 1_011_000)
    assert poured(flood, 1, now=500) == 0
    flood.admits(Said("k-2", "reading", 200), 20_000)
    assert poured(flood, 1, now=20_000) == 1


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 300_000)), max_size=50))
def test_it_never_admits_more_than_depth_and_refill(steps: list[tuple[int, int]]) -> None:
    flood, now, points = Flood(), 0, 0.0
    for pause, size in steps:
        now += pause
        if flood.admits(Said("k-1", "reading", size), now):
            points += DEAR * (1 + size // WORD)
    assert points <= DEPTH + now * REFILL_S / 1000 + 1
