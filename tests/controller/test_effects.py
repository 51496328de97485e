"""Rows of events have the columns of their tables."""

from controller.effects import Effects
from controller.judge import Claim, weigh
from controller.known import Known
from controller.store.tables import fault, flip

KNOWN = Known(7, "kiosk-1", 0)


def test_a_fault_that_opens_leaves_a_row_and_a_flip() -> None:
    effects, claim = Effects(), Claim("screen.black", "seen", "why", {"a": 1})
    ruling = weigh(None, claim, 5)
    effects.turn(KNOWN, claim, ruling, 5)
    assert effects.turns[0].row.keys() <= set(fault.c.keys())
    assert effects.turns[0].row["evidence"] == {"a": 1}
    assert effects.flips[0].keys() <= set(flip.c.keys())
    assert (effects.flips[0]["old"], effects.flips[0]["new"]) == ("clear", "open")


def test_a_ruling_without_a_turn_leaves_nothing() -> None:
    effects, claim = Effects(), Claim("system.cpu_high", "seen")
    effects.turn(KNOWN, claim, weigh(None, claim, 5), 5)
    assert not effects.turns
    assert not effects.flips


def test_effects_are_added_in_order() -> None:
    first, second = Effects(), Effects()
    for effects, new in ((first, "a"), (second, "b")):
        effects.flip(KNOWN, "presence", old="", new=new, why="", at=0)
    first.add(second)
    assert [row["new"] for row in first.flips] == ["a", "b"]
