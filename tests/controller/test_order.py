"""Where a message belongs: every case of (epoch, birth, seq)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.known import Thread
from controller.order import Placed, ends, place
from wire.messages import Birth, Death, Header, Present

OURS, OTHER = "00000000000000aa", "00000000000000bb"


def thread(birth: int = 3, seq: int = 7) -> Thread:
    return Thread(OURS, birth, seq, 0, 0, 0, "", "", 60, ())


def present(epoch: str, birth: int, seq: int) -> Present:
    return Present(epoch=epoch, birth=birth, seq=seq, sent=0)


def birth(epoch: str, number: int, seq: int = 0) -> Birth:
    return Birth(
        epoch=epoch, birth=number, seq=seq, sent=0, agent="", boot_id="", started=0,
        oldest_fact=1, keepalive_s=60, probes=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (present(OURS, 3, 8), Placed("next")),
        (present(OURS, 3, 7), Placed("duplicate")),
        (present(OURS, 3, 0), Placed("duplicate")),
        (present(OURS, 3, 12), Placed("next", 4)),
        (present(OURS, 2, 99), Placed("stale")),
        (birth(OURS, 2), Placed("stale")),
        (birth(OURS, 4), Placed("next")),
        (birth(OURS, 3, 8), Placed("next")),
        (present(OURS, 4, 0), Placed("next")),
        (present(OURS, 4, 2), Placed("next", 2)),
        (present(OTHER, 9, 9), Placed("unborn")),
        (birth(OTHER, 0), Placed("next")),
    ],
)
def test_a_message_is_placed_by_epoch_birth_and_sequence(message: Header, expected: Placed) -> None:
    assert place(thread(), message) == expected


def test_a_kiosk_never_heard_must_be_born_first() -> None:
    assert place(None, present(OURS, 1, 1)) == Placed("unborn")
    assert place(None, birth(OURS, 1)) == Placed("next")


@given(st.integers(0, 5), st.integers(0, 20), st.integers(0, 5), st.integers(0, 20))
def test_what_was_accepted_is_never_accepted_again(b: int, s: int, nb: int, ns: int) -> None:
    placed = place(thread(b, s), present(OURS, nb, ns))
    assert (placed.place == "next") == ((nb, ns) > (b, s))
    assert placed.missing >= 0
    if placed.missing:
        assert placed.place == "next"


def test_a_will_counts_only_for_the_connection_it_was_left_for() -> None:
    assert ends(thread(), Death(epoch=OURS, birth=3))
    assert not ends(thread(), Death(epoch=OURS, birth=2))
    assert not ends(thread(), Death(epoch=OTHER, birth=3))
    assert not ends(None, Death(epoch=OURS, birth=3))
