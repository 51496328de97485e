"""What programs may say of jobs becomes a wish, as it is written and no other way."""

from typing import Any

import pytest
from pydantic import ValidationError

from controller.api import job_models as models
from controller.jobs import shapes
from controller.jobs.asked import Asked
from controller.jobs.plan import Plan, Window
from controller.jobs.weigh import Preview, Wish


def test_a_whole_wish_is_taken_as_it_is_said() -> None:
    said = models.GivenJob.model_validate_json(
        """{"kind": "reboot", "args": {}, "asked": {"query": "state=fail"}, "why": "hang",
        "valid_s": 7200, "plan": {"waves": ["1", "100%"], "pause_s": 60, "rate_per_min": 6,
        "window": {"cron": "0 22 * * 1-5", "minutes": 480}, "jitter_s": 5,
        "stop_failed_percent": 10, "stop_failed_count": 3}}"""
    )
    window = Window("0 22 * * 1-5", 480, "Asia/Jakarta")
    plan = Plan(("1", "100%"), 60, 6, window, 5, 10, 3)
    assert said.wish() == Wish("reboot", {}, Asked(query="state=fail"), plan, "hang", 7200)


def test_what_is_left_out_is_the_houses_own_default() -> None:
    said = models.GivenJob.model_validate({"kind": "noop", "asked": {"kiosks": ["k-1"]}})
    assert said.wish() == Wish("noop", {}, Asked(("k-1",)))
    assert models.GivenCommand(kind="noop").wish("k-1") == said.wish()


@pytest.mark.parametrize(
    ("model", "row"),
    [
        (models.Job, shapes.JobRow),
        (models.JobDetail, shapes.Job),
        (models.Wave, shapes.Wave),
        (models.Word, shapes.Word),
        (models.Command, shapes.Answer),
        (models.Preview, Preview),
    ],
)
def test_every_field_of_a_row_is_told(model: Any, row: Any) -> None:
    assert tuple(model.model_fields) == row._fields


@pytest.mark.parametrize(
    "wrong", [{"kind": 1}, {"valid_s": "60"}, {"valid_s": True}, {"x": 1}, {"asked": []}]
)
def test_row_45_nothing_is_taken_for_something_else(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        models.GivenJob.model_validate({"kind": "noop", "asked": {"kiosks": ["k-1"]}} | wrong)
