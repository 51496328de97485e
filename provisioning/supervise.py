"""Many children, one loop: started in order, watched, started again, stopped in reverse.

Owns the order and the one line a person reads for each event. How one child is started, judged
and stopped is `broker_config.child`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from broker_config.child import Child, ChildFailed
from broker_config.stop import Stop

Say = Callable[[str], None]


class Stopped(Exception):  # noqa: N818 - what happened
    """We were asked to stop while still starting."""


@dataclass
class Milestone:
    """Something to be said once, when it has come true; `late` is said once if it takes long."""

    reached: Callable[[], bool]
    line: str
    late: str = ""
    late_after_s: float = 30.0


@dataclass
class Supervisor:
    """`stop` may be set from a signal handler; everything here runs in one thread."""

    say: Say
    stop: Stop
    clock: Callable[[], float] = time.monotonic
    children: list[Child] = field(default_factory=list)
    _late: set[str] = field(default_factory=set)

    def start(self, child: Child, within_s: float = 20.0) -> None:
        """Start and wait until ready. Raises ChildFailed, or Stopped when asked to stop."""
        self.children.append(child)
        child.start()
        deadline = self.clock() + within_s
        while not child.ready():
            if self.stop.wait(0.05):
                raise Stopped
            if not child.running:
                raise ChildFailed(f"{child.name} died at once: {child.last_words()}")
            if self.clock() > deadline:
                raise ChildFailed(
                    f"{child.name} not ready after {within_s:g} s: {child.last_words()} "
                    f"(all of it in {child.log})"
                )
        self.say(f"{child.name}: running, pid {child.pid}")

    def watch(self, milestones: Sequence[Milestone] = (), every_s: float = 0.25) -> None:
        """Until `stop` is set."""
        waiting, started = list(milestones), self.clock()
        while not self.stop.wait(every_s):
            for child in self.children:
                if said := child.check():
                    self.say(said)
            waiting = [one for one in waiting if not self._reached(one, self.clock() - started)]

    def stop_all(self, grace_s: float = 10.0) -> None:
        """In reverse: who speaks is stopped before who listens."""
        for child in reversed(self.children):
            child.stop(grace_s)
        self.children.clear()

    def _reached(self, one: Milestone, after_s: float) -> bool:
        if one.reached():
            self.say(one.line)
            return True
        if one.late and after_s > one.late_after_s and one.late not in self._late:
            self._late.add(one.late)
            self.say(one.late)
        return False
