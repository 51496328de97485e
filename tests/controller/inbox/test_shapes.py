"""What may be asked of the inbox."""

import pytest

from controller.inbox.shapes import OPEN, TODO, Query
from controller.words import BadQuestion
from wire.lifecycle import SUBMISSION, SUBMISSION_ENDS, states


@pytest.mark.parametrize(
    ("field", "value"),
    [("queue", "x"), ("kind", "x"), ("state", "x"), ("place", "x" * 81), ("number", "\0"),
     ("page", 0), ("size", 501)],
)  # fmt: skip
def test_a_question_with_a_word_nobody_knows_is_refused(field: str, value: object) -> None:
    with pytest.raises(BadQuestion):
        Query(**{field: value})  # type: ignore[arg-type]


def test_what_is_open_and_what_has_ended_are_all_there_is() -> None:
    assert {*OPEN, *SUBMISSION_ENDS} == states(SUBMISSION)
    assert set(TODO) < set(OPEN)
