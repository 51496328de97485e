"""Every kind of the house has exactly one doer."""

import pytest

from agent.actions import table
from wire.actions import KINDS


def test_every_kind_is_ours_or_done_inside_the_agent_and_none_is_both() -> None:
    assert set(table.ACTIONS) | set(table.INSIDE) == set(KINDS)
    assert not set(table.ACTIONS) & set(table.INSIDE)


@pytest.mark.parametrize("kind", table.ACTIONS)
def test_every_action_can_be_done_and_taken_back_where_its_kind_says_so(kind: str) -> None:
    module = table.load(kind)
    assert callable(module.do)  # type: ignore[union-attr]
    assert hasattr(module, "undo") == (KINDS[kind].again == "undoable")


def test_what_is_done_inside_is_not_ours() -> None:
    assert table.load("noop") is None
    assert table.load("shell") is None
