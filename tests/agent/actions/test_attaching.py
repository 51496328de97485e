"""An attachment is named only when the door has the very same bytes."""

import pytest

from agent.actions.attaching import attach
from agent.actions.base import Failed
from tests.agent.actions.conftest import Bench
from tests.agent.actions.offices import OfficeDoor


def test_it_is_named_by_its_hash(bench: Bench, office: OfficeDoor) -> None:
    made = attach(bench.context("screenshot"), b"x" * 1000, "image/jpeg")
    assert (made.size, made.type, len(made.sha256)) == (1000, "image/jpeg", 64)
    assert len(office.stored) == 1


def test_a_door_that_stored_something_else_is_not_believed(
    bench: Bench, office: OfficeDoor
) -> None:
    office.lies = True
    with pytest.raises(Failed) as failed:
        attach(bench.context("screenshot"), b"x", "image/jpeg")
    assert failed.value.code == "door"


def test_what_is_too_large_is_not_sent(bench: Bench, office: OfficeDoor) -> None:
    with pytest.raises(Failed):
        attach(bench.context("screenshot"), b"x" * 100_001, "image/jpeg")
    assert office.stored == []
