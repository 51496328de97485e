"""What may be asked of jobs and answers: words of the tables, and nothing else."""

from typing import Any

import pytest

from controller.jobs.shapes import JOB_STATES, SHOWN, AnswerQuery, JobQuery
from controller.words import BadQuestion
from wire.lifecycle import COMMAND, GUESSES, JOB, states


def test_every_state_of_a_job_can_be_asked_for() -> None:
    assert set(JOB_STATES) == states(JOB)


def test_every_shown_state_of_a_command_can_be_asked_for() -> None:
    assert set(SHOWN) == states(COMMAND) - set(GUESSES)


@pytest.mark.parametrize(
    "wrong",
    [{"states": ("overdue",)}, {"search": "\x00"}, {"page": 0}, {"size": 501}],
)
def test_a_question_about_answers_with_a_strange_word_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion):
        AnswerQuery(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"states": ("queued",)}, {"kind": "x" * 99}, {"asked_by": "\x1b"}, {"size": 0}]
)
def test_a_question_about_jobs_with_a_strange_word_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion):
        JobQuery(**wrong)
