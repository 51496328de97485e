"""The gate: a table of what was seen and what follows, its arithmetic, and how often it errs."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.rollouts.gate import (
    ERROR,
    LOOKS,
    SPURIOUS,
    Group,
    Rules,
    Seen,
    Tally,
    chance_of_difference,
    chance_of_returns,
    decide,
    decide_back,
    limit_of,
)

NOW = 1_790_000_000_000
HOUR = 3_600_000
USUAL = Rules(patience_ms=24 * HOUR, stop_percent=20, phase_at=NOW - HOUR)
IMPATIENT = USUAL._replace(phase_at=NOW - 25 * HOUR)
GOOD, REST = Group(3), Group(58)
LATER = Tally(55, waiting=55)
HELD = Tally(3, waiting=3)
SOON = {"soaked_at": NOW + 90_000}

TWO_BACK = Tally(3, returned=2, working=1, watched=0.67)
HALF = Tally(3, installed=3, soaking=3, watched=0.5)
EARLY = HALF._replace(watched=0.2)
DONE = Tally(3, installed=3, watched=1)
LARGE = Tally(500, installed=500, watched=1)


def see(first: Tally, updated: Group = GOOD, control: Group = REST, looks: int = 0) -> Seen:
    return Seen([first, LATER, HELD], 1, updated, control, looks)


TABLE = [
    # rules, seen -> what, a part of why
    (USUAL, see(Tally(3, working=3)), "wait", "3 of 3 kiosks are at work"),
    (USUAL, see(Tally(3, installed=3, soaking=3, **SOON)), "wait", "watched, for 2 min more"),
    (USUAL, see(Tally(3, installed=3, watched=1)), "open", "phase 2: 0 of 3"),
    (USUAL, see(Tally(3, installed=2, away=1, watched=0.7)), "open", "phase 2"),
    (USUAL, see(Tally(3, installed=1, away=2, watched=0.3)), "wait", "2 of 3 kiosks are away"),
    (IMPATIENT, see(Tally(3, installed=1, away=2)), "hold", "only 1 of 3 kiosks"),
    (USUAL, see(Tally(3, away=3)), "wait", "3 of 3 kiosks are away"),
    (USUAL, see(Tally(3, returned=1, working=2, watched=0.3)), "hold", "1 went back"),
    (USUAL, see(Tally(3, failed=1, working=2)), "hold", "1 failed to install"),
    (USUAL, see(Tally(3, silent=1, installed=2)), "hold", "1 silent"),
    (USUAL._replace(stop_percent=0), see(Tally(3, failed=1, working=2)), "wait", "at work"),
    (USUAL._replace(pardoned=1), see(Tally(3, failed=1, working=2)), "wait", "at work"),
    (USUAL, see(Tally(3, installed=3), Group(0), Group(50)), "hold", "nothing can be compared"),
    (USUAL._replace(trusted=1), see(Tally(3, installed=3), Group(0)), "open", "phase 2"),
    (USUAL, see(Tally(0)), "open", "phase 2"),
    (USUAL, see(Tally(100, installed=95, working=5, watched=0.95)), "open", "phase 2"),
    (USUAL, see(Tally(100, installed=94, working=6, watched=0.94)), "wait", "6 of 100"),
    (USUAL, see(Tally(100, installed=99, gone=1, away=1)), "wait", "1 of 100 kiosks were told"),
    # every page of the canary is broken, and its kiosks notice
    (USUAL, see(TWO_BACK, Group(3, 2, returned=2)), "stop", "2 of 3 updated kiosks went back"),
    # they do not notice: citizens cannot be served
    (USUAL, see(HALF, Group(3, 3, 3)), "stop", "3 of 3 updated kiosks and 0 of 58 others"),
    (USUAL, see(EARLY, Group(3, 3, 3)), "wait", "watched"),
    (USUAL, see(DONE, Group(3, 1, 1), Group(58, 6, 6)), "open", ""),
    (USUAL, see(LARGE, Group(500, 16, 16), Group(9000, 45)), "stop", "16 of 500"),
    (USUAL, see(LARGE, Group(500, 3, 3), Group(9000, 45)), "open", ""),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "seen", "what", "why"), TABLE)
def test_what_was_seen_says_what_follows(rules: Rules, seen: Seen, what: str, why: str) -> None:
    said = decide(rules, seen, NOW)
    assert said.what == what, said.why
    assert why in said.why


def test_the_last_phase_waits_for_everybody_and_then_finishes() -> None:
    first, last = Tally(3, installed=3, watched=1), Tally(58, installed=57, away=1, watched=0.98)
    seen = Seen([first, last], 2, Group(61), Group(), 0)
    assert decide(USUAL, seen, NOW).why == "1 of 58 kiosks are away"
    assert decide(IMPATIENT, seen, NOW)[:2] == ("finish", "60 of 61 kiosks have it")


def test_a_look_is_taken_once_and_its_limit_is_spent() -> None:
    seen = see(Tally(3, installed=3, soaking=3, watched=0.6), Group(3, 1, 1))
    first = decide(USUAL, seen, NOW)
    assert (first.looks, len(first.tests)) == (2, 3)
    again = decide(USUAL, seen._replace(looks=first.looks), NOW)
    assert (again.looks, again.tests) == (2, ())


@given(st.integers(1, 10), st.permutations(range(1, LOOKS + 1)), st.integers(1, LOOKS))
def test_no_order_of_looks_spends_more_than_the_error(
    phases: int, looks: list[int], many: int
) -> None:
    spent = 0.0
    for phase in range(1, phases + 1):
        before = 0
        for look in sorted(looks[:many]):
            spent += limit_of(phase, phases, before, look)
            before = look
    assert spent <= ERROR * (1 + 1e-9)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_the_exact_test_is_that_of_counting_every_way(a: int, b: int, c: int, d: int) -> None:
    count, bad = a + b + c + d, a + c
    ways = [math.comb(bad, x) * math.comb(count - bad, a + b - x) for x in range(a, a + b + 1)]
    every = math.comb(count, a + b)
    expected = 1.0 if not a or not (c + d) else sum(ways) / every
    assert chance_of_difference(a, a + b, c, c + d) == pytest.approx(expected, rel=1e-9)


@given(st.integers(0, 60), st.integers(0, 60))
def test_chances_of_returns_add_up(kiosks: int, returned: int) -> None:
    returned = min(kiosks, returned)
    p = SPURIOUS
    many = (
        math.comb(kiosks, x) * p**x * (1 - p) ** (kiosks - x) for x in range(returned, kiosks + 1)
    )
    assert chance_of_returns(returned, kiosks) == pytest.approx(sum(many), rel=1e-9)


@given(
    st.integers(1, 3), st.lists(st.integers(0, 9), min_size=8, max_size=8),
    st.integers(0, LOOKS), st.floats(0, 1),
)  # fmt: skip
def test_it_always_answers_and_never_opens_past_the_end(
    opened: int, many: list[int], looks: int, watched: float
) -> None:
    installed, returned, failed, silent, working, away, waiting, soaking = many
    phase = Tally(sum(many[:7]), installed, returned, failed, silent, working, away, waiting,
                  min(soaking, installed), NOW, 0, watched)  # fmt: skip
    updated = Group(installed + returned + silent, returned + silent, 0, silent, returned)
    seen = Seen([phase] * 3, opened, updated, Group(9), looks)
    said = decide(USUAL, seen, NOW)
    assert looks <= said.looks <= LOOKS
    assert (said.what != "open") or opened < 3
    assert (said.what != "finish") or opened == 3


def test_taking_back_ends_when_all_went_back_or_patience_does() -> None:
    assert decide_back(0, 0, NOW, HOUR, NOW).what == "finish"
    assert decide_back(1, 2, NOW, HOUR, NOW).why == "1 kiosks are going back, 2 are away"
    said = decide_back(1, 2, NOW - HOUR, HOUR, NOW)
    assert said[:2] == ("finish", "3 kiosks have not gone back")


def test_a_release_without_fault_is_hardly_ever_stopped_by_chance() -> None:
    """A thousand canaries of 50 of 1,000 in a fleet of which every hundredth kiosk breaks."""
    dice = random.Random(1)
    stopped = 0
    for _ in range(1_000):
        looks = 0
        bad, others = 0, 0
        for look in range(1, LOOKS + 1):
            bad += sum(dice.random() < 0.01 / LOOKS for _ in range(50))
            others += sum(dice.random() < 0.01 / LOOKS for _ in range(200))
            first = Tally(50, installed=50, soaking=50, watched=look / LOOKS)
            seen = see(first, Group(50, bad, bad), Group(200, others, others), looks)
            said = decide(USUAL, seen, NOW)
            looks = said.looks
            if said.what == "stop":
                stopped += 1
                break
    assert stopped <= 12


def stops(first: Tally, updated: Group, control: Group) -> bool:
    return decide(USUAL, see(first, updated, control), NOW).what == "stop"


def test_how_many_kiosks_must_lie_among_61() -> None:
    """The figures of docs/security.md: a kiosk says what it likes of itself."""
    one, two = (Tally(3, installed=3 - n, returned=n, watched=1) for n in (1, 2))
    assert decide(USUAL, see(one, Group(3, 1, returned=1)), NOW).what == "hold"
    assert stops(two, Group(3, 2, returned=2), REST)
    # a canary that does not serve, and how many others must say the same of themselves
    hidden = next(n for n in range(59) if not stops(DONE, Group(3, 3, 3), Group(58, n, n)))
    assert hidden == 9
