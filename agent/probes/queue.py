"""The print queue of CUPS: what it holds, how long, and whether it still takes and sends jobs.

It owns queue facts only. What ails the printer is asked of the printer: CUPS says `processing`
and no reason for hours when a printer has gone, so the age of the oldest job is what tells.
Ages are differences on the clock of CUPS itself and do not care whether the kiosk's is right.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from agent.probes import ipp, plain_http
from agent.probes.base import Finding, cannot_tell, found
from agent.probes.ipp import Group, Reply, Uri
from agent.probes.printer_ipp import STATES

if TYPE_CHECKING:
    from wire.messages import Fact

WANTED: Final = (
    "printer-state",
    "printer-state-message",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-up-time",
    "queued-job-count",
)
JOB_WANTED: Final = ("job-state", "time-at-creation")
HELD: Final = 4  # somebody holds this job on purpose: it is not stuck
NOT_FOUND: Final = 0x0406
MOST_JOBS: Final = 50  # the oldest come first, so more would tell nothing new


class PrintQueue:
    """`uri` like ipp://127.0.0.1:631/printers/kiosk; a job older than `stuck_after_s` is stuck."""

    name = "queue"
    confirm = 2
    bands: Mapping[str, float] = {"oldest_job_s": 60, "jobs": math.inf}

    def __init__(
        self,
        uri: str,
        *,
        period_s: float = 5.0,
        timeout_s: float = 2.0,
        stuck_after_s: float = 120.0,
    ) -> None:
        self._uri = Uri.parse(uri)
        self._stuck_after_s = stuck_after_s
        self._patience_s = timeout_s
        self.period_s = period_s
        self.timeout_s = 2 * timeout_s + 1  # two questions when there are jobs

    def observe(self) -> Finding:
        try:
            return self._look()
        except TimeoutError:
            return found({}, ["queue.unreachable"], "CUPS does not answer")
        except OSError as error:
            return found({}, ["queue.unreachable"], f"CUPS cannot be reached: {error}")
        except (plain_http.NotHttp, ipp.NotIpp) as error:
            return cannot_tell(f"the queue's address answers, but not as CUPS: {error}")

    def _look(self) -> Finding:
        reply = self._ask(ipp.GET_PRINTER_ATTRIBUTES, WANTED)
        queue = reply.first(ipp.PRINTER_GROUP)
        if reply.status == NOT_FOUND:
            return found({}, ["queue.unreachable"], f"CUPS knows no queue {self._uri.path}")
        if reply.status >= 0x0100 or not queue.get("printer-state"):
            return cannot_tell(f"CUPS refuses to tell the queue's state (IPP {reply.status:#06x})")
        jobs = number(queue, "queued-job-count") or 0
        listed = self._ask(ipp.GET_JOBS, JOB_WANTED) if jobs else None
        age = oldest_job_s(listed, number(queue, "printer-up-time"))
        return self._judge(queue, jobs, age)

    def _ask(self, operation: int, wanted: tuple[str, ...]) -> Reply:
        limit = MOST_JOBS if operation == ipp.GET_JOBS else 0
        return ipp.ask(self._uri, operation, wanted, timeout_s=self._patience_s, limit=limit)

    def _judge(self, queue: Group, jobs: int, age: int) -> Finding:
        state = STATES.get(queue["printer-state"][0], "unknown")
        accepting = queue.get("printer-is-accepting-jobs", [True])[0] is not False
        message = str(queue.get("printer-state-message", [""])[0])[:200]
        paused = state == "stopped" or "paused" in queue.get("printer-state-reasons", [])
        rules = {
            "queue.stopped": (paused, f"the queue is stopped: {message}"),
            "queue.rejecting": (not accepting, "the queue takes no jobs"),
            "queue.stuck": (age > self._stuck_after_s, f"a job has waited {age} s: {message}"),
        }
        facts: dict[str, Fact] = {
            "queue_state": state,
            "accepting": accepting,
            "jobs": jobs,
            "oldest_job_s": age,
            "message": message,
        }
        codes = [code for code, (holds, _) in rules.items() if holds]
        return found(facts, codes, "; ".join(rules[code][1] for code in codes)[:300])


def oldest_job_s(listed: Reply | None, now: int | None) -> int:
    """Age of the oldest job nobody holds, in seconds; 0 without jobs or without a clock."""
    if listed is None or now is None:
        return 0
    jobs = [group for tag, group in listed.groups if tag == ipp.JOB_GROUP]
    born = [number(job, "time-at-creation") for job in jobs if number(job, "job-state") != HELD]
    return max((max(now - time, 0) for time in born if time is not None), default=0)


def number(group: Group, name: str) -> int | None:
    value = next(iter(group.get(name, [])), None)
    return value if type(value) is int else None
