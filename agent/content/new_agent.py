"""A new release of the agent: it starts anew, and is well when the office has heard it.

Owns how often it is started for that. The agent itself, which started us, does the restart.
"""

from collections.abc import Callable
from typing import Final

from agent.content.activation import AgentNew, Later
from agent.content.health import Unwell
from agent.content.journal import Row
from agent.content.program import Program
from agent.content.slots import Slots
from agent.content.told import Trial
from agent.software import trial
from agent.software.trial import Moment
from wire.messages import Facts

RESTARTS: Final = 3
HEARD_S: Final = 15.0  # between two looks whether the office has heard the new agent


class NewAgent(Program):
    """`running`: what this agent said of itself when it started us."""

    module = "agent"

    def __init__(
        self, slots: Slots, moment: Callable[[], Moment], trial_s: float, running: Trial
    ) -> None:
        super().__init__(slots, moment, trial_s)
        self._running = running

    def ready(self, _row: Row, /) -> Facts:
        return {}

    def confirm(self, row: Row) -> Facts:
        self.still_there(row)
        if self._running.release == row.seq and self._running.reached:
            return {"office": True}
        found = trial.read(self.folder)
        if found is not None and trial.is_over(found, self.moment()):
            raise Unwell("no_office", f"not heard of in {found.window_s:.0f} s")
        if self._running.release == row.seq:
            raise Later("the new agent waits to be heard by the office", HEARD_S)
        if row.tries > RESTARTS:
            raise Unwell("no_start", "the agent started anew, and not from this release")
        raise AgentNew

    def back(self, row: Row) -> None:
        if self._running.release == row.seq and row.tries <= RESTARTS:
            raise AgentNew
