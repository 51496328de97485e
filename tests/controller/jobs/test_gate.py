"""The gate: a table of what was seen and what follows, and a simulated job for every mixture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.jobs.gate import Rules, Tally, decide

NOW = 1_790_000_000_000
USUAL = Rules(pause_ms=0, stop_percent=20, stop_count=0, canary=False)
SLOW = USUAL._replace(pause_ms=60_000)
CANARY = USUAL._replace(canary=True)
DONE = {"last_end": NOW - 10_000}
LATER = Tally(90, working=90)

TABLE = [
    # rules, waves, opened -> what
    (USUAL, [Tally(10, succeeded=10, **DONE)], 1, "finish"),
    (USUAL, [Tally(10, failed=10, **DONE)], 1, "finish"),
    (USUAL, [Tally(10, gone=10, **DONE)], 1, "finish"),
    (USUAL, [Tally(10, succeeded=9, working=1)], 1, "wait"),
    (USUAL, [Tally(10, succeeded=9, away=1)], 1, "wait"),
    (USUAL, [Tally(10, succeeded=9, failed=1, silent=1)], 1, "wait"),
    (USUAL, [Tally(10, succeeded=6, failed=3, working=1)], 1, "hold"),
    (USUAL, [Tally(10, succeeded=7, failed=2, working=1)], 1, "wait"),
    (USUAL, [Tally(4, failed=1, working=3)], 1, "wait"),
    (USUAL, [Tally(4, failed=1, silent=1, working=2)], 1, "wait"),
    (USUAL._replace(stop_count=1), [Tally(4, failed=1, working=3)], 1, "hold"),
    (CANARY, [Tally(1, succeeded=1), Tally(3, failed=1, working=2)], 2, "hold"),
    (USUAL, [Tally(10, succeeded=8, failed=1, working=1)], 1, "wait"),
    (USUAL, [Tally(10, failed=1, succeeded=9, **DONE), LATER], 1, "open"),
    (USUAL, [Tally(10, succeeded=9, working=1), LATER], 1, "wait"),
    (USUAL, [Tally(10, succeeded=1, away=9), LATER], 1, "open"),
    (USUAL, [Tally(10, away=10), LATER], 1, "wait"),
    (USUAL, [Tally(10, gone=10), LATER], 1, "hold"),
    (USUAL, [Tally(2, failed=2), LATER], 1, "hold"),
    (USUAL._replace(stop_percent=0), [Tally(2, failed=1, succeeded=1), LATER], 1, "open"),
    (USUAL._replace(stop_percent=0, stop_count=1), [Tally(9, failed=1, away=8)], 1, "hold"),
    (SLOW, [Tally(10, succeeded=10, **DONE), LATER], 1, "wait"),
    (SLOW, [Tally(10, succeeded=10, last_end=NOW - 60_000), LATER], 1, "open"),
    (CANARY, [Tally(1, failed=1), LATER], 1, "hold"),
    (CANARY, [Tally(1, silent=1, failed=1), LATER], 1, "hold"),
    (CANARY, [Tally(1, away=1), LATER], 1, "wait"),
    (CANARY, [Tally(1, gone=1), LATER], 1, "hold"),
    (CANARY, [Tally(1, succeeded=1), Tally(49, succeeded=48, away=1), LATER], 2, "wait"),
    (CANARY, [Tally(1, succeeded=1), Tally(49, succeeded=49), LATER], 2, "open"),
    (CANARY, [Tally(1, succeeded=1), Tally(99, failed=1, working=98)], 2, "wait"),
    (CANARY._replace(pardoned=1, trusted=1), [Tally(1, failed=1), LATER], 1, "open"),
    (CANARY._replace(pardoned=1, trusted=1), [Tally(1, failed=1), LATER, LATER], 2, "wait"),
    (USUAL._replace(pardoned=2), [Tally(10, failed=2, working=8)], 1, "wait"),
    (USUAL._replace(pardoned=2), [Tally(10, failed=4, working=6)], 1, "wait"),
    (USUAL._replace(pardoned=2), [Tally(10, failed=5, working=5)], 1, "hold"),
    (USUAL, [LATER], 0, "open"),
]


@pytest.mark.parametrize(("rules", "waves", "opened", "expected"), TABLE)
def test_what_was_seen_decides(
    rules: Rules, waves: list[Tally], opened: int, expected: str
) -> None:
    decision = decide(rules, waves, opened, NOW)
    assert decision.what == expected, decision.why


def test_a_held_job_says_why_with_numbers() -> None:
    said = decide(USUAL, [Tally(10, failed=3, working=7)], 1, NOW).why
    assert said == "3 of 10 kiosks failed: the limit is 20 %"
    said = decide(CANARY, [Tally(1, failed=1), LATER], 1, NOW).why
    assert said == "1 of 1 kiosks failed before the last wave"
    said = decide(SLOW, [Tally(2, succeeded=2, **DONE), LATER], 1, NOW).why
    assert said == "51 s until the next wave"


fates = st.lists(st.sampled_from(["succeeded", "failed", "away", "gone"]), min_size=1, max_size=12)


def tally(fates_: list[str], answered: int) -> Tally:
    """A wave of which so many have come to their fate, the others are at work."""
    counts = {name: fates_[:answered].count(name) for name in set(fates_)}
    return Tally(len(fates_), working=len(fates_) - answered, **counts)


@given(
    st.lists(fates, min_size=1, max_size=4),
    st.sampled_from(["routine", "destructive"]),
    st.integers(0, 100),
)
def test_row_51_a_simulated_job_never_runs_past_what_was_seen(
    waves: list[list[str]], power: str, percent: int
) -> None:
    canary = power == "destructive"
    rules = Rules(pause_ms=0, stop_percent=percent, stop_count=0, canary=canary)
    opened, answered = 1, 0
    for _ in range(100):
        seen = [
            tally(one, len(one) if number < opened else answered if number == opened else 0)
            for number, one in enumerate(waves, 1)
        ]
        decision = decide(rules, seen, opened, NOW)
        if decision.what == "open":
            assert answered == len(waves[opened - 1])
            assert seen[opened - 1].succeeded
            if canary:
                assert set(waves[opened - 1]) == {"succeeded"}
            opened, answered = opened + 1, 0
        elif decision.what in ("hold", "finish"):
            break
        elif answered < len(waves[opened - 1]):
            answered += 1
        else:
            break  # waits for kiosks that are away
    assert opened <= len(waves)
    if decision.what == "finish":
        assert not any("away" in one for one in waves)
