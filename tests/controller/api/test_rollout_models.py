"""What programs may say of rollouts becomes a request; what they are told are the house's rows."""

import pytest
from pydantic import BaseModel, ValidationError

from controller.api import rollout_models as models
from controller.jobs.asked import Asked
from controller.jobs.problems import Problem
from controller.rollouts import agree, dry, shapes
from controller.rollouts.plan import Phase, Plan, check
from controller.rollouts.weigh import Request


def test_a_whole_request_is_taken_as_it_is_said() -> None:
    said = models.GivenDryRun.model_validate_json(
        """{"bundle": "layanan", "seq": 7, "asked": {"query": "all=yes"}, "why": "harga",
        "plan": {"phases": [{"asked": {"saved": 3}}, {"bound": "5%"}, {"bound": "100%"}],
        "held_percent": 6, "soak_min": 9, "patience_h": 2, "stop_percent": 8,
        "windows": [{"since": 1320, "until": 300}]}, "not_before": 5, "approvals": 1,
        "at_most": 61, "kbit": 64.0, "price_per_mb": 100.0}"""
    )
    phases = (Phase(asked=Asked(saved=3)), Phase("5%"), Phase("100%"))
    plan = Plan(phases, 6, 9, 2, ((1320, 300),), 8)
    assert said.request() == Request(
        "layanan", 7, Asked(query="all=yes"), plan, "harga", 5, 1, "", 61
    )
    assert said.line() == dry.Line(64.0, 100.0)


def test_what_is_left_out_is_the_houses_own_default() -> None:
    assert models.GivenRolloutPlan().plan() == Plan()
    check(models.GivenRolloutPlan().plan())
    assert models.GivenDryRun.model_validate(
        {"bundle": "layanan", "seq": 1, "asked": {"saved": 1}}
    ).line() == dry.Line()  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"colour": 1}, {"phases": []}, {"windows": [{"since": 1440, "until": 0}]}, {"soak_min": "9"}],
)
def test_what_nobody_knows_or_no_plan_has_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        models.GivenRolloutPlan.model_validate(wrong)


@pytest.mark.parametrize(
    ("model", "row", "hidden"),
    [
        (models.Rollout, shapes.RolloutRow, set()),
        (models.RolloutDetail, shapes.Rollout, set()),
        (models.RolloutPhase, shapes.PhaseRow, set()),
        (models.Compares, shapes.Group, set()),
        (models.Compared, shapes.Compared, set()),
        (models.RolloutDecision, shapes.DecisionRow, set()),
        (models.RolloutWord, shapes.Word, set()),
        (models.Share, shapes.ShareRow, set()),
        (models.KioskRelease, shapes.OfKiosk, set()),
        (models.DryRun, dry.DryRun, set()),
        (models.KioskCost, dry.KioskCost, set()),
        (models.RolloutProblem, Problem, {"lacks"}),
        (models.AgreedRollout, agree.Agreed, set()),
    ],
)
def test_a_model_has_the_fields_of_its_row(
    model: type[BaseModel], row: type[tuple[object, ...]], hidden: set[str]
) -> None:
    fields: tuple[str, ...] = row._fields  # type: ignore[attr-defined]
    assert list(model.model_fields) == [name for name in fields if name not in hidden]
