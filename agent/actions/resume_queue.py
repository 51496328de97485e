"""Let the print queue print and take jobs again. Proof: CUPS says that it does."""

from typing import Final

from agent.actions import ipp_ask, queues
from agent.actions.base import Context, Failed, Outcome, done
from agent.probes.base import Finding
from agent.probes.ipp import Uri

OPEN_WITHIN_S: Final = 10.0


def do(context: Context) -> Outcome:
    before = queues.look(context)
    seen = [before]

    def is_open() -> bool:
        seen.append(queues.look(context))
        return _open(seen[-1])

    with context.stop.too_late("the queue is being opened"):
        if not _open(before):
            queues.change(context, _resume)
        opened = context.stop.until(is_open, OPEN_WITHIN_S, 0.5)
    facts = queues.facts_of(before, seen[-1])
    if not opened:
        raise Failed("still_stopped", seen[-1].why or "the queue does not open", facts)
    return done(facts)


def _resume(uri: Uri) -> None:
    ipp_ask.ask(uri, ipp_ask.RESUME_PRINTER)
    ipp_ask.ask(uri, ipp_ask.ACCEPT_JOBS)


def _open(seen: Finding) -> bool:
    stopped = {"queue.stopped", "queue.rejecting"} & set(seen.codes)
    return not stopped
