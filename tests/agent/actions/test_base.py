"""What an action is given."""

import pytest

from agent.actions.base import Failed
from agent.actions.stop import Cancelled
from tests.agent.actions.conftest import Bench


def test_a_device_that_is_not_configured_is_said_to_lack(bench: Bench) -> None:
    context = bench.context("reload_page")
    with pytest.raises(Failed) as failed:
        context.device("browser", "port")
    assert failed.value.code == "no_device"
    with pytest.raises(Failed):
        context.probe("printer")


def test_a_setting_of_the_wrong_shape_names_itself(bench: Bench) -> None:
    bench.settings["actions"]["reboot"] = {"run": "systemctl reboot", "x": [1]}
    context = bench.context("reboot")
    with pytest.raises(Failed, match=r"\[actions.reboot\] run"):
        context.words("run")
    with pytest.raises(Failed, match="list of words"):
        context.words("x")
    assert context.words("y") == []


def test_what_is_to_be_undone_is_noted_first_and_a_cancel_then_still_counts(bench: Bench) -> None:
    context = bench.context("set_volume", percent=3)
    context.note_undo("40")
    assert bench.noted == ["40"]
    context.stop.ask()
    with pytest.raises(Cancelled):
        context.note_undo("50")
