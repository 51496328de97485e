"""A job watched from the command line: each kiosk's answer once, until all are in.

Reads only, once when something changed and else not. What kiosks said is printed without control
characters: a hostile kiosk does not write on anybody's terminal.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Engine

from controller.changes import Watch
from controller.jobs import read
from controller.jobs.read import Answer, JobRow
from controller.people.powers import Scope
from wire.lifecycle import OPEN

OVER: Final = ("finished", "cancelled", "refused")
_PAUSE_S: Final = 0.2
_MOST_TEXT: Final = 200


class Follow:
    """`wait` is what a pause between two looks is."""

    def __init__(
        self,
        engine: Engine,
        scope: Scope,
        job_id: int,
        say: Callable[[str], None],
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._engine, self._scope, self._job = engine, scope, job_id
        self._say, self._wait = say, wait
        self._told: dict[str, str] = {}
        self._state = ""

    def run(self) -> bool:
        """Whether every kiosk succeeded. Returns when all have answered or the job is over."""
        watch = Watch(self._engine)
        while True:
            job, over = self._look()
            if over:
                self._say(summary(job))
                return job.counts == {"succeeded": job.kiosks}
            while not any(one.topic in ("job", "command") for one in watch.poll()):
                self._wait(_PAUSE_S)

    def _look(self) -> tuple[JobRow, bool]:
        with self._engine.connect() as conn:
            job = read.job(conn, self._scope, self._job).row
            answers = read.every_answer(conn, self._scope, self._job)
        if job.state != self._state:
            self._state = job.state
            self._say(f"job {job.id} is {job.state}{_because(job)}")
        for one in answers:
            if self._told.get(one.command_id) != one.state and one.state not in OPEN:
                self._told[one.command_id] = one.state
                self._say(answer(one))
        open_ = sum(job.counts.get(state, 0) for state in OPEN)
        return job, job.state in OVER and not open_


def answer(one: Answer) -> str:
    """One line. A guess of the office is said as one."""
    state = f"{one.state} (not heard of)" if one.guess else one.state
    parts = [one.kiosk, state, _plain(f"{one.code} {one.why}".strip())]
    parts += [_plain(f"{name}={value}") for name, value in sorted(one.facts.items())]
    if one.attachment:
        parts.append(f"attachment={one.attachment[:12]}")
    return "  ".join(part for part in parts if part)


def summary(job: JobRow) -> str:
    counts = ", ".join(f"{many} {state}" for state, many in sorted(job.counts.items()))
    return f"job {job.id} {job.kind} for {job.kiosks} kiosks: {job.state}{_because(job)}; {counts}"


def moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _because(job: JobRow) -> str:
    return f" ({_plain(job.state_why)})" if job.state_why else ""


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:_MOST_TEXT]
