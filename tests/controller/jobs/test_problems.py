"""What is a problem of every request, and the first one that is said."""

import pytest

from controller.jobs.problems import Problem, a_reason, of_any, refuse_first
from controller.jobs.refused import Lacks, Refused


@pytest.mark.parametrize("why", ["", "  ", "a\nb", "x" * 301])
def test_a_reason_is_a_line_of_text(why: str) -> None:
    with pytest.raises(Refused, match="needs a reason"):
        a_reason(why)


def test_a_reason_is_trimmed() -> None:
    assert a_reason("  halaman rusak ") == "halaman rusak"


@pytest.mark.parametrize(
    ("targets", "at_most", "why", "codes"),
    [
        (["a", "b"], 0, "", []),
        (["a", "b"], 2, "halaman rusak", []),
        (["a", "b"], 1, "", ["grown"]),
        ([], 0, "x" * 301, ["asked", "why"]),
    ],
)
def test_what_nobody_may_ask_for(
    targets: list[str], at_most: int, why: str, codes: list[str]
) -> None:
    assert [one.code for one in of_any(targets, at_most, why)] == codes


def test_the_first_problem_is_the_one_that_is_said() -> None:
    refuse_first([])
    with pytest.raises(Refused, match="too late"):
        refuse_first([Problem("state", "too late"), Problem("why", "no reason")])
    with pytest.raises(Lacks):
        refuse_first([Problem("power", "", lacks="rollout.ask")])
