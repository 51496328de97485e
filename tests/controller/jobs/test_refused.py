"""A refusal says who must act, and a missing power which."""

from controller.jobs.refused import Lacks, Refused


def test_a_refusal_has_a_code_and_words() -> None:
    error = Refused("state", "job 7 is finished")
    assert (error.code, str(error)) == ("state", "job 7 is finished")


def test_a_missing_power_is_a_refusal_too() -> None:
    error = Lacks("command.destructive")
    assert isinstance(error, Refused)
    assert (error.code, error.power) == ("power", "command.destructive")
    assert "command.destructive" in str(error)
