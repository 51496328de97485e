"""The voice of the commands: answers to standard output at once, refusals with their name."""

import time

import pytest

from provisioning import terminal


def test_the_time_is_in_milliseconds() -> None:
    before = time.time() * 1000
    assert before - 1 <= terminal.now() <= time.time() * 1000 + 1


def test_an_answer_is_read_as_it_comes(capfd: pytest.CaptureFixture[str]) -> None:
    terminal.say("3 of 4 answered")
    assert capfd.readouterr() == ("3 of 4 answered\n", "")


def test_a_refusal_names_the_command_and_gives_the_code(capfd: pytest.CaptureFixture[str]) -> None:
    assert terminal.fail("people", "there is no such login", code=3) == 3
    assert capfd.readouterr() == ("", "people: there is no such login\n")
