"""Who is in which phase, and what no rollout may have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.jobs.asked import Asked
from controller.rollouts.plan import (
    CAREFUL,
    LEAST_TO_HOLD,
    CannotPlan,
    Phase,
    Plan,
    Spot,
    assign,
    bound,
    check,
    of_json,
    to_json,
)

NAMED = Phase(asked=Asked(kiosks=("k-1",)))
ALL = Phase("100%")


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (Plan(phases=()), "1 to 10 phases"),
        (Plan(phases=(Phase("3"),)), "the last is 100%"),
        (Plan(phases=(NAMED,)), "the last is 100%"),
        (Plan(phases=(Phase(), ALL)), "one of them"),
        (Plan(phases=(Phase("3", Asked(query="all=yes")), ALL)), "one of them"),
        (Plan(phases=(Phase("0"), ALL)), "a number of kiosks or a share"),
        (Plan(phases=(Phase("101%"), ALL)), "at most 100%"),
        (Plan(phases=(ALL,) * 11), "1 to 10 phases"),
        (Plan(held_percent=51), "held_percent is 0 to 50"),
        (Plan(soak_min=-1), "soak_min"),
        (Plan(patience_h=0), "patience_h"),
        (Plan(stop_percent=101), "stop_percent"),
        (Plan(windows=((0, 1),) * 9), "8 windows"),
        (Plan(windows=((0, 1440),)), "minutes of the day"),
    ],
)
def test_what_no_rollout_may_have_is_said(plan: Plan, why: str) -> None:
    with pytest.raises(CannotPlan, match=why):
        check(plan)


def test_three_of_61_then_a_tenth_then_all_and_four_held_back() -> None:
    placed = assign(Plan(), [Spot(one, ready=True) for one in range(61)], "seed")
    phases = [place.phase for place in placed.values()]
    assert [phases.count(number) for number in range(1, 5)] == [3, 3, 51, 4]
    assert sum(place.control for place in placed.values()) == 4


def test_who_is_not_ready_comes_late_and_is_not_held_back() -> None:
    spots = [Spot(one, ready=one % 2 == 0) for one in range(40)]
    placed = assign(Plan(phases=(Phase("10"), ALL)), spots, "seed")
    first = [one for one, place in placed.items() if place.phase == 1]
    assert all(one % 2 == 0 for one in first)
    assert all(one % 2 == 0 for one, place in placed.items() if place.control)


def test_kiosks_on_a_list_are_in_its_phase_and_never_held_back() -> None:
    spots = [Spot(one, ready=True, listed=2 if one < 30 else 0) for one in range(40)]
    plan = Plan(phases=(Phase("2"), NAMED, ALL), held_percent=50)
    placed = assign(plan, spots, "seed")
    assert {placed[one] for one in range(30)} == {(2, False)}
    assert sum(place.control for place in placed.values()) == 10


@given(
    st.lists(st.builds(Spot, st.integers(0, 9_999), st.booleans(), st.just(0)), max_size=60,
             unique_by=lambda one: one.id),
    st.lists(st.sampled_from(["1", "5", "7%", "50%", "99"]), max_size=5),
    st.integers(0, 50), st.text(max_size=4),
)  # fmt: skip
def test_everybody_has_one_place_and_the_same_seed_gives_the_same(
    spots: list[Spot], bounds: list[str], held: int, seed: str
) -> None:
    plan = Plan(phases=(*(Phase(one) for one in bounds), ALL), held_percent=held)
    placed = assign(plan, spots, seed)
    assert placed.keys() == {one.id for one in spots}
    assert placed == assign(plan, reversed(spots), seed)
    last = len(plan.phases) + 1
    assert all(1 <= place.phase <= last for place in placed.values())
    assert all((place.phase == last) == place.control for place in placed.values())
    held_back = sum(place.control for place in placed.values())
    few = len(spots) < LEAST_TO_HOLD or not held
    assert held_back <= (0 if few else -(-len(spots) * held // 100))
    first = sum(place.phase == 1 for place in placed.values())
    assert first == min(bound(plan.phases[0].bound, len(spots) - held_back), first)


def test_a_plan_is_read_as_it_was_written() -> None:
    plan = Plan((Phase("3"), NAMED, ALL), 7, 5, 3, ((1320, 300), (0, 60)), 9)
    assert of_json(to_json(plan)) == plan
    assert of_json({**to_json(plan), "looks": {"1": 2}}) == plan
    assert of_json({}) == Plan(CAREFUL)
