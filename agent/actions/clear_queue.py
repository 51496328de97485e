"""Throw away what waits in the print queue. Proof: CUPS counts no job any more."""

from typing import Final

from agent.actions import ipp_ask, queues
from agent.actions.base import Context, Failed, Outcome, done

EMPTY_WITHIN_S: Final = 10.0


def do(context: Context) -> Outcome:
    before = queues.look(context)
    seen = [before]

    def is_empty() -> bool:
        seen.append(queues.look(context))
        return seen[-1].facts["jobs"] == 0

    with context.stop.too_late("the jobs are being thrown away"):
        if before.facts["jobs"]:
            queues.change(context, lambda uri: ipp_ask.ask(uri, ipp_ask.CANCEL_JOBS))
        emptied = context.stop.until(is_empty, EMPTY_WITHIN_S, 0.5)
    facts = queues.facts_of(before, seen[-1])
    if not emptied:
        raise Failed("not_empty", "jobs are still in the queue", facts)
    return done(facts)
