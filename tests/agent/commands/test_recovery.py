"""What an earlier life has left half done."""

from typing import get_args

import pytest

from agent.commands.ledger import Row
from agent.commands.recovery import Again, Life, Over, TakeBack, recover
from wire.actions import KINDS
from wire.messages import End

THEN, NOW = Life("boot-1", "process-1"), Life("boot-2", "process-2")


def row(kind: str, undo: str | None = None) -> Row:
    return Row("a" * 32, 7, kind, "running", "", undo, *THEN)


@pytest.mark.parametrize("kind", [k for k, v in KINDS.items() if v.again == "repeatable"])
def test_what_may_be_done_twice_is_done_again(kind: str) -> None:
    assert recover(row(kind), NOW) == Again()


@pytest.mark.parametrize("kind", [k for k, v in KINDS.items() if v.again == "undoable"])
def test_what_can_be_undone_is_undone_when_anything_was_noted(kind: str) -> None:
    assert recover(row(kind, "50"), NOW) == TakeBack()
    untouched = recover(row(kind), NOW)
    assert isinstance(untouched, Over)
    assert (untouched.state, untouched.code) == ("failed", "undone")


@pytest.mark.parametrize("kind", [k for k, v in KINDS.items() if v.again == "at_most_once"])
def test_row_49_what_may_not_be_done_twice_is_unknown_unless_it_is_proven(kind: str) -> None:
    found = recover(row(kind), NOW)
    assert isinstance(found, Over)
    proven = kind in ("reboot", "restart_agent")
    assert found.state == ("succeeded" if proven else "unknown")
    assert found.state in get_args(End)


def test_a_reboot_is_proven_by_another_start_of_the_machine_only() -> None:
    same = recover(row("reboot"), Life(THEN.boot, NOW.process))
    nameless = recover(row("reboot"), Life("", NOW.process))
    assert isinstance(same, Over)
    assert isinstance(nameless, Over)
    assert same.state == nameless.state == "unknown"


def test_a_kind_of_another_version_ends_too() -> None:
    found = recover(row("dance"), NOW)
    assert isinstance(found, Over)
    assert found.code == "unknown_kind"
