"""The shapes that the API tells of the inbox."""

import pytest
from pydantic import ValidationError

from controller.api import inbox_models as models
from controller.inbox.shapes import Row
from wire.lifecycle import SUBMISSION


def test_every_field_of_a_submission_is_one_of_the_rows() -> None:
    assert set(models.Submission.model_fields) <= set(Row._fields)


def test_the_events_it_names_are_those_of_the_table() -> None:
    assert set(models.EVENTS) == {event for _, event in SUBMISSION}


@pytest.mark.parametrize("wrong", [{"version": 0}, {"version": 1, "event": "x" * 17}, {}])
def test_a_move_without_a_version_or_with_an_endless_word_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        models.GivenMove(**wrong)  # type: ignore[arg-type]


def test_many_are_some_and_not_endless() -> None:
    with pytest.raises(ValidationError):
        models.GivenMany(picked=[], event="verify")
    one = models.Picked(id=1, version=1)
    with pytest.raises(ValidationError):
        models.GivenMany(picked=[one] * 201, event="verify")
