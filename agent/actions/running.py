"""One command from its request to its outcome: finds the action, calls it, and names every end.

Owns the translation of whatever an action raises. Never lets an exception be the answer: an end
that nobody hears of is a command that runs for ever.
"""

import logging
from collections.abc import Callable
from types import ModuleType
from typing import Final

from msgspec.structs import replace

from agent.actions import table
from agent.actions.base import Context, Failed, Outcome
from agent.actions.stop import Cancelled, Orphaned, TimeUp
from agent.config import BadConfig

_log: Final = logging.getLogger("anjungan.actions")


TAKE_BACK_WITHIN_S: Final = 4.0  # the executor waits five beyond a command's own time


def run(context: Context) -> Outcome:
    """Raises Orphaned only: then nobody wants an outcome."""
    ended = _named(context)
    if context.noted is None or ended.state == "succeeded" or context.asked.mode == "undo":
        return ended
    # An outcome says that all is in order: what is half done is taken back before it is said.
    undone = _named(context.to_take_back(TAKE_BACK_WITHIN_S)).state == "succeeded"
    return replace(ended, facts={**ended.facts, "undone": undone})


def _named(context: Context) -> Outcome:
    """The end of one step, whatever it raised."""
    try:
        context.stop.check()
        return _call(context)
    except Failed as failed:
        return Outcome(state="failed", code=failed.code, why=failed.why, facts=failed.facts)
    except Cancelled:
        return Outcome(state="cancelled", code="cancelled", why="cancelled while it ran")
    except TimeUp as up:
        return Outcome(state="failed", code="timeout", why=str(up))
    except (BadConfig, OSError) as error:
        _log.exception("%s", context.asked.kind)
        return Outcome(state="failed", code="broken", why=f"{type(error).__name__}: {error}")
    except Orphaned:
        raise
    except Exception:  # noqa: BLE001 - an end that nobody hears of is worse
        _log.exception("%s", context.asked.kind)
        return Outcome(state="failed", code="broken", why="a mistake in the agent; see its log")


def _call(context: Context) -> Outcome:
    kind, mode = context.asked.kind, context.asked.mode
    module = table.load(kind)
    if module is None:
        raise Failed("unsupported", f"{kind} is done by the agent itself or not at all")
    if context.config.actions.get(kind) is False:
        raise Failed("disabled", f"[actions] {kind} = false in agent.toml")
    return _step(module, mode)(context)


def _step(module: ModuleType, mode: str) -> Callable[[Context], Outcome]:
    """What is repeatable recovers by being done again."""
    if mode != "undo":
        return getattr(module, mode, module.do)  # type: ignore[no-any-return]
    if not hasattr(module, "undo"):
        raise Failed("unsupported", "this cannot be taken back")
    return module.undo  # type: ignore[no-any-return]
