"""The rules about how a submission is worked on, against the state machine all of them follow."""

import pytest

from tests.support.packs import STEPS, service, standard
from wire.service import check_steps
from wire.service.document import Duration, Service, Step


def found(pack: Service) -> list[tuple[str, str]]:
    rules = (check_steps.steps, check_steps.length)
    return [(problem.path, problem.code) for rule in rules for problem in rule(pack)]


def step(state: str, *to: str, days: int | None = None) -> Step:
    return Step(state=state, by="loket", days=days, to=to)


SHORT = (step("submitted", "verifying"), step("verifying", "ready"), step("ready", "taken"))


def test_steps_that_lead_somewhere_are_left_alone() -> None:
    assert found(service()) == []
    assert found(service(steps=SHORT)) == []
    assert found(service(steps=(*SHORT, step("taken"), step("rejected")))) == []


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ((), ("steps", "steps")),
        (SHORT[1:], ("steps[0].state", "steps")),
        ((*SHORT, SHORT[1]), ("steps[3].state", "twice")),
        ((*SHORT[:2], step("ready", "submitted")), ("steps[2].to[0]", "move")),
        ((*SHORT[:2], step("ready")), ("steps[2].to", "steps")),
        ((step("submitted", "verifying", "processing"), *SHORT[1:]), ("steps[0].to[1]", "steps")),
        ((step("submitted", "rejected"),), ("steps", "steps")),
    ],
)
def test_what_is_wrong_with_the_steps_is_named(
    steps: tuple[Step, ...], problem: tuple[str, str]
) -> None:
    assert problem in found(service(steps=steps))


def test_who_applies_nowhere_needs_no_steps() -> None:
    assert found(service(modes=("info",), steps=())) == []


@pytest.mark.parametrize(
    ("promised", "right"), [(3, True), (4, True), (None, True), (2, False), (0, False)]
)
def test_no_less_time_is_promised_than_the_steps_take(promised: int | None, right: bool) -> None:  # noqa: FBT001 - a column of the table above
    pack = service(standard=standard(duration=Duration(working_days=promised)), steps=STEPS)
    assert (found(pack) == []) is right


def test_what_a_citizen_takes_to_answer_is_not_the_offices_time() -> None:
    waiting = tuple(
        step("returned", "verifying", days=30) if each.state == "returned" else each
        for each in STEPS
    )
    assert found(service(steps=waiting)) == []
