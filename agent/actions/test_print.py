"""Print one page, or one slip, and prove that it came out.

The device itself is asked before and after, never CUPS: that says "completed" also for a page that
no paper was there for. A page counts when the device is well before and after and has counted it.
What cannot be printed is taken back out of the printer, so that no citizen gets it later.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Final

from agent.actions import ipp_ask, leaf, slip
from agent.actions.base import Context, Failed, Outcome, done
from agent.probes import ipp, plain_http
from agent.probes.base import Facts, Finding
from agent.probes.ipp import Uri
from wire.actions import TestPrint

TAKEN_WITHIN_S: Final = 15.0
LOOK_EVERY_S: Final = 1.0
STUCK_AFTER_S: Final = 120.0
ENDING_S: Final = 15.0  # kept of the command's time to take a stuck page back
COMPLETED: Final = 9
KINDS: Final = (("application/pdf", leaf.pdf), ("text/plain", leaf.text))
PAPER: Final = ("printer.paper_out", "receipt.paper_out")


def do(context: Context) -> Outcome:
    if context.args(TestPrint).device == "receipt":
        return done(slip.printed(context, _lines(context)))
    return done(_page(context))


def _lines(context: Context) -> list[str]:
    now = time.strftime("%Y-%m-%d %H:%M:%S %Z")
    return leaf.lines(context.kiosk, context.asked.command, now)


def _page(context: Context) -> Facts:
    uri = Uri.parse(str(context.device("printer", "uri")))
    before = context.probe("printer").observe()
    facts: Facts = {"before": before.state}
    must_be_well(before, facts, "before")
    kind, made = _kind(uri)
    try:
        number = ipp_ask.print_job(uri, "test", kind, made(_lines(context)), TAKEN_WITHIN_S)
    except OSError as error:
        raise Failed("unreachable", f"the printer cannot be reached: {error}", facts) from error
    facts |= {"job": number, "format": kind}
    with context.stop.too_late("the page is with the printer"):
        job = _followed(context, uri, number, facts)
        after = context.probe("printer").observe()
    facts |= {"after": after.state, "impressions": job.pages, "job_state": job.state}
    if job.state != COMPLETED:
        raise Failed("not_printed", f"the printer gave the page up: {job.message}", facts)
    must_be_well(after, facts, "after")
    if not job.pages:
        raise Failed("unproven", "the printer says it is done and has counted no page", facts)
    return facts


def must_be_well(seen: Finding, facts: Facts, when: str) -> None:
    """Raises Failed: `paper` when that is what lacks, else `not_ok`."""
    if any(code in PAPER for code in seen.codes):
        raise Failed("paper", f"no paper {when} the test", {**facts, when: seen.state})
    if seen.state not in ("ok", "warn"):
        raise Failed("not_ok", f"{when} the test: {seen.why}", {**facts, when: seen.state})


def _kind(uri: Uri) -> tuple[str, Callable[[Sequence[str]], bytes]]:
    wanted = ("document-format-supported",)
    try:
        reply = ipp.ask(uri, ipp.GET_PRINTER_ATTRIBUTES, wanted, timeout_s=ipp_ask.PATIENCE_S)
    except (OSError, ipp.NotIpp, plain_http.NotHttp) as error:
        raise Failed("unreachable", f"the printer cannot be asked: {error}") from error
    known = reply.first(ipp.PRINTER_GROUP).get("document-format-supported", [])
    for kind, make in KINDS:
        if kind in known:
            return kind, make
    raise Failed("unsupported", "the printer reads neither PDF nor plain text")


def _followed(context: Context, uri: Uri, number: int, facts: Facts) -> ipp_ask.Job:
    """The job as it ended. What does not end is cancelled at the printer."""
    until = time.monotonic() + min(STUCK_AFTER_S, context.stop.left_s - ENDING_S)
    while time.monotonic() < until:
        with contextlib.suppress(OSError):  # a printer at work may be slow to answer
            job = ipp_ask.job(uri, number)
            if job.ended:
                return job
            seen = context.probe("printer").observe()
            if any(code in PAPER for code in seen.codes):
                _take_back(uri, number)
                raise Failed("paper", "the paper ran out", {**facts, "after": seen.state})
        context.progress(50, "the printer is at work")
        context.stop.wait(LOOK_EVERY_S)
    _take_back(uri, number)
    raise Failed("stuck", "the page did not come out in time", facts)


def _take_back(uri: Uri, number: int) -> None:
    with contextlib.suppress(OSError, Failed):
        ipp_ask.cancel(uri, number)
