"""Programs: brought into use by starting anew, well when the new one runs and is heard.

Owns how the agent and the portal change over. A trial (agent/software/trial.py) is on the disk
before the link moves: should the new one never reach the office, or not even start, launcher and
guard put the old one back without us, and here it is only found out and told.
"""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from agent.content import health
from agent.content.activation import AgentNew, Later, Unfit
from agent.content.health import Portal, Unwell
from agent.content.journal import Row
from agent.content.slots import Slots
from agent.content.stop import Stop
from agent.content.told import Trial
from agent.software import environment, trial
from agent.software.trial import Moment
from wire.messages import Facts

RESTARTS: Final = 3
HEARD_S: Final = 15.0  # between two looks whether the office has heard the new agent
STARTED_S: Final = 60.0
RESTART_S: Final = 60.0
POLITE_S: Final = 60.0


class _Program:
    """What agent and portal have in common. `folder`: of the program's releases."""

    module: str

    def __init__(self, slots: Slots, moment: Callable[[], Moment]) -> None:
        self._slots, self._moment = slots, moment

    @property
    def folder(self) -> Path:
        return self._slots.folder

    def check(self, row: Row) -> None:
        try:
            environment.check(self._slots.tree(row.seq), self.module)
            environment.interpreter(self.folder, row.seq)
        except environment.Unfit as unfit:
            raise Unfit(str(unfit)) from None
        environment.compile_ahead(self.folder, row.seq)

    def prepare(self, row: Row) -> None:
        trial.begin(self.folder, row.seq, row.before, self._moment())

    def finish(self, row: Row) -> None:
        """A trial that is over leaves nothing behind."""
        trial.confirm(self.folder, row.seq)
        trial.forget(self.folder)
        environment.prune(self.folder, set(self._slots.all()))

    def _still_there(self, row: Row) -> None:
        """Raises Unwell when launcher or guard have put the old one back."""
        gone = trial.taken_back(self.folder)
        if gone is not None and gone.seq == row.seq:
            raise Unwell(gone.code, gone.why)
        if self._slots.current != row.seq:
            raise Unwell("taken_back", "another release was put into its place")


class Agent(_Program):
    """`running`: what this agent said of itself when it started us."""

    module = "agent"

    def __init__(self, slots: Slots, moment: Callable[[], Moment], running: Trial) -> None:
        super().__init__(slots, moment)
        self._running = running

    def ready(self, _row: Row, /) -> Facts:
        return {}

    def confirm(self, row: Row) -> Facts:
        self._still_there(row)
        if self._running.release == row.seq and self._running.reached:
            return {"office": True}
        found = trial.read(self.folder)
        if found is not None and trial.is_over(found, self._moment()):
            raise Unwell("no_office", f"not heard of in {found.window_s:.0f} s")
        if self._running.release == row.seq:
            raise Later("the new agent waits to be heard by the office", HEARD_S)
        if row.tries > RESTARTS:
            raise Unwell("no_start", "the agent started anew, and not from this release")
        raise AgentNew

    def back(self, row: Row) -> None:
        if self._running.release == row.seq and row.tries <= RESTARTS:
            raise AgentNew


class PortalProgram(_Program):
    """`restart`: the words of the program that starts the portal anew."""

    module = "portal"

    def __init__(
        self,
        slots: Slots,
        moment: Callable[[], Moment],
        portal: Portal,
        restart: Sequence[str],
        stop: Stop,
    ) -> None:
        super().__init__(slots, moment)
        self._portal, self._words, self._stop = portal, list(restart), stop

    def check(self, row: Row) -> None:
        if not self._words:
            raise Unfit("agent.toml names no restart_portal under [content]")
        super().check(row)

    def ready(self, _row: Row, /) -> Facts:
        if not self._stop.until(self._is_free, POLITE_S):
            raise Later("a citizen is using it", POLITE_S)
        return {}

    def confirm(self, row: Row) -> Facts:
        self._still_there(row)
        if not self._runs(row.seq):
            self._restart()
            health.runs(self._portal, row.seq, self._stop.until, STARTED_S)
        return {"portal": True}

    def back(self, row: Row) -> None:
        trial.confirm(self.folder, row.seq)  # its trial is over, and must not be judged again
        if not self._runs(row.before):
            self._restart()

    def _runs(self, seq: int) -> bool:
        found = self._portal.ask()
        return found is not None and found.release == seq

    def _is_free(self) -> bool:
        found = self._portal.ask()
        return found is None or found.session != "open"

    def _restart(self) -> None:
        """Raises Unwell: then this portal is not the one that was wanted, either."""
        try:
            ran = subprocess.run(
                self._words, check=False, capture_output=True, timeout=RESTART_S, text=True
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unwell("restart", f"{self._words[0]}: {error}"[:300]) from None
        if ran.returncode:
            raise Unwell("restart", f"{self._words[0]}: {ran.stderr.strip()}"[:300])
