"""When to ask for a new certificate, whatever the clock says."""

from hypothesis import given
from hypothesis import strategies as st

from agent.identity.plan import (
    BEHIND_MS,
    PAUSE_S,
    URGENT_S,
    Seen,
    due_at,
    pause_s,
    reason_to_ask,
    renewal_is_due,
)

DAY = 86_400_000
BEGIN, END = 1_700_000_000_000, 1_700_000_000_000 + 90 * DAY
kiosks = st.from_regex(r"[a-z][a-z0-9-]{1,30}[a-z0-9]", fullmatch=True)


def seen(now: int, *, used: bool = True, kiosk: str = "bdg-andir-01") -> Seen:
    return Seen(kiosk, BEGIN, END, used, now)


@given(kiosks)
def test_a_renewal_is_due_between_half_and_six_tenths_of_a_life(kiosk: str) -> None:
    assert BEGIN + 45 * DAY <= due_at(kiosk, BEGIN, END) <= BEGIN + 54 * DAY


def test_a_fleet_that_enrolled_together_does_not_renew_together() -> None:
    days = [due_at(f"bdg-kiosk-{n}", BEGIN, END) // DAY for n in range(1000)]
    most = max(days.count(day) for day in set(days))
    assert len(set(days)) >= 9
    assert most < 200


def test_a_kiosk_has_the_same_moment_every_time() -> None:
    assert due_at("bdg-andir-01", BEGIN, END) == due_at("bdg-andir-01", BEGIN, END)


@given(st.integers(BEGIN, BEGIN + 45 * DAY - 1))
def test_nobody_is_asked_without_a_reason(now: int) -> None:
    assert reason_to_ask(seen(now), refused=False) == ""


@given(st.integers(0, BEGIN - BEHIND_MS - 1))
def test_a_clock_behind_our_own_certificate_is_a_reason_to_ask_but_not_to_renew(now: int) -> None:
    assert "clock" in reason_to_ask(seen(now), refused=False)
    assert not renewal_is_due(seen(now))


def test_each_reason_is_said() -> None:
    assert "not been used" in reason_to_ask(seen(BEGIN, used=False), refused=False)
    assert "has ended" in reason_to_ask(seen(END), refused=False)
    assert "refuses us" in reason_to_ask(seen(BEGIN), refused=True)
    assert "half" in reason_to_ask(seen(BEGIN + 60 * DAY), refused=False)


@given(failures=st.integers(1, 10_000), urgent=st.booleans(), jitter=st.floats(0, 1))
def test_pauses_grow_and_are_bounded(failures: int, *, urgent: bool, jitter: float) -> None:
    first, most = URGENT_S if urgent else PAUSE_S
    pause = pause_s(failures, urgent=urgent, jitter=jitter)
    assert 0.75 * first <= pause <= 1.25 * most
    assert pause <= pause_s(failures + 1, urgent=urgent, jitter=jitter)
