"""The queue at CUPS: what is in it, asked before and after by whoever changes it.

Owns reading; the changes are the actions'. By IPP where CUPS lets the agent, else by the configured
program, which on a kiosk is a unit that does this one thing.
"""

from collections.abc import Callable
from typing import Final

from agent.actions import programs
from agent.actions.base import Context, Failed
from agent.probes.base import Facts, Finding
from agent.probes.ipp import Uri

DONE_WITHIN_S: Final = 12.0


def uri_of(context: Context) -> Uri:
    return Uri.parse(str(context.device("queue", "uri")))


def look(context: Context) -> Finding:
    """Raises Failed when CUPS does not say how it stands."""
    seen = context.probe("queue").observe()
    if "jobs" not in seen.facts:
        raise Failed("unreachable", seen.why)
    return seen


def change(context: Context, by_ipp: Callable[[Uri], object]) -> None:
    """Raises Failed."""
    uri = uri_of(context)
    words = context.words("run")
    if words:
        name = uri.path.rpartition("/")[2]
        programs.must_run(programs.filled(words, queue=name), context.stop, DONE_WITHIN_S)
        return
    try:
        by_ipp(uri)
    except OSError as error:
        raise Failed("unreachable", f"CUPS cannot be reached: {error}") from error


def facts_of(before: Finding, after: Finding) -> Facts:
    return {
        "jobs_before": before.facts["jobs"],
        "jobs": after.facts["jobs"],
        "state_before": before.facts["queue_state"],
        "state": after.facts["queue_state"],
        "accepting": after.facts["accepting"],
    }
