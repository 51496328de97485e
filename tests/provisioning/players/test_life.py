"""The story of a played kiosk is the same for the same seed and never out of order."""

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from provisioning.players.life import MISHAPS, THIN_LINE, life, mishaps_for


def test_the_same_seed_tells_the_same_story() -> None:
    once, again = life(7, "bdg-andir-1"), life(7, "bdg-andir-1")
    assert [*islice(once, 50)] == [*islice(again, 50)]


def test_two_kiosks_do_not_share_a_story() -> None:
    one, other = life(7, "bdg-andir-1"), life(7, "bdg-coblong-1")
    assert [*islice(one, 10)] != [*islice(other, 10)]


@given(st.integers(0, 10_000))
def test_time_never_runs_backwards_and_every_begin_has_its_end(seed: int) -> None:
    open_now: set[str] = set()
    last = 0.0
    for turn in islice(life(seed, "bdg-andir-1"), 200):
        assert turn.at >= last
        last = turn.at
        assert (turn.mishap in open_now) is not turn.begins
        (open_now.add if turn.begins else open_now.remove)(turn.mishap)


def test_a_kiosk_on_a_thin_line_drops_more_often() -> None:
    assert THIN_LINE in mishaps_for("thin")
    assert mishaps_for("fibre") is MISHAPS
    assert len(mishaps_for("thin")) == len(MISHAPS)


def test_some_of_sixty_kiosks_are_in_trouble_at_any_time_but_never_most() -> None:
    troubled = [_in_trouble(f"kiosk-{n}", at=1800.0) for n in range(60)]
    assert 3 <= sum(troubled) <= 25


def _in_trouble(kiosk: str, at: float) -> bool:
    open_now: set[str] = set()
    for turn in life(7, kiosk):
        if turn.at > at:
            return bool(open_now)
        (open_now.add if turn.begins else open_now.discard)(turn.mishap)
    raise AssertionError("the story ended")
