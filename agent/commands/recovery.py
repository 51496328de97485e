"""What becomes of a command begun in an earlier life of the agent or of the machine. Pure.

By its class (wire/actions.py): what is repeatable is done again, what can be taken back is, and
what must not be done twice is proven or `unknown`. A reboot is proven by another start of the
machine, a restart of the agent by another process. Never does anything itself.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from agent.commands.ledger import Row
from wire.actions import KINDS
from wire.messages import End, Fact

PROVEN: Final = {
    "reboot": "the machine has started anew",
    "restart_agent": "the agent has started anew",
}
"""Kinds whose success is seen only in the next life, and what proves it."""


class Life(NamedTuple):
    """`boot` names the start of the machine, `process` that of the agent."""

    boot: str
    process: str


class Again(NamedTuple):
    """To be begun again, if it still may."""


class TakeBack(NamedTuple):
    """To be undone."""


class Over(NamedTuple):
    """Its end."""

    state: End
    code: str = ""
    why: str = ""
    facts: Mapping[str, Fact] = MappingProxyType({})


def recover(row: Row, life: Life) -> Again | TakeBack | Over:
    """For a row that another process has begun."""
    kind = KINDS.get(row.kind)
    if kind is None:
        return Over("failed", "unknown_kind", "begun by another version of the agent")
    if kind.again == "repeatable":
        return Again()
    if kind.again == "undoable":
        if row.undo is None:
            return Over("failed", "undone", "it was interrupted before anything was changed")
        return TakeBack()
    if _proven(row, life):
        return Over(
            "succeeded", "", PROVEN[row.kind], {"proof": "boot_id" if _boot(row) else "process"}
        )
    why = "the agent was interrupted in its middle; it is not done again"
    return Over("unknown", "interrupted", why)


def _proven(row: Row, life: Life) -> bool:
    if _boot(row):
        return bool(row.boot and life.boot) and row.boot != life.boot
    return row.kind == "restart_agent" and row.process != life.process


def _boot(row: Row) -> bool:
    return row.kind == "reboot"
