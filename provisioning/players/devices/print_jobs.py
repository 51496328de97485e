"""The jobs of a simulated printer: made, in work, done. Pure: told the time, in seconds.

A job that came over the network is one sheet and takes a moment, unless the printer cannot print:
then it stays in work until it can, as with real ones. A job that somebody put there (`stuck`) never
ends by itself.
"""

from dataclasses import dataclass
from typing import Final

TAKES_S: Final = 0.5
PENDING, PROCESSING, CANCELED, COMPLETED = 3, 5, 7, 9


@dataclass
class Job:
    """`at` is when it was made, seconds since 1970; `queued`: it came through the queue."""

    number: int
    at: float
    name: str = "untitled"
    stuck: bool = False
    queued: bool = False
    state: int = PROCESSING
    sheets: int = 0
    ready_at: float = 0.0

    @property
    def open(self) -> bool:
        return self.state in {PENDING, PROCESSING}


class PrintJobs:
    """Oldest first. `printed` counts sheets for good."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._last = 0
        self.printed = 0

    def add(
        self, at: float, name: str = "untitled", *, stuck: bool = False, queued: bool = False
    ) -> Job:
        self._last += 1
        job = Job(self._last, at, name, stuck, queued, ready_at=at + TAKES_S)
        self._jobs = sorted([*self._jobs, job], key=lambda one: one.at)
        return job

    def work(self, now: float, sheets: int, *, able: bool, paused: bool = False) -> int:
        """Do what is due; how many sheets of those it was given are used. `paused`: the queue."""
        used = 0
        for job in self.waiting():
            if job.stuck or now < job.ready_at:
                continue
            if not able or used >= sheets or (paused and job.queued):
                job.ready_at = now + TAKES_S  # it takes a moment, too, after the paper is back
                continue
            job.state, job.sheets, used = COMPLETED, 1, used + 1
        self.printed += used
        return used

    def waiting(self) -> list[Job]:
        return [job for job in self._jobs if job.open]

    def find(self, number: int) -> Job | None:
        return next((job for job in self._jobs if job.number == number), None)

    def cancel(self, number: int | None = None) -> int:
        """One, or all that wait; how many."""
        chosen = [job for job in self.waiting() if number in {None, job.number}]
        for job in chosen:
            job.state = CANCELED
        return len(chosen)

    def finish(self) -> None:
        for job in self.waiting():
            job.state = COMPLETED
