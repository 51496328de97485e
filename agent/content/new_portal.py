"""A new release of the portal: restarted by a program of agent.toml, well when the new one answers.

Owns the courtesy and the restart. Content has its own proof; here only the program has to run.
"""

import subprocess
from collections.abc import Callable, Sequence
from typing import Final

from agent.content import health
from agent.content.activation import Later, Unfit
from agent.content.health import Portal, Unwell
from agent.content.journal import Row
from agent.content.program import Program
from agent.content.slots import Slots
from agent.content.stop import Stop
from agent.software import trial
from agent.software.trial import Moment
from wire.messages import Facts

STARTED_S: Final = 60.0
RESTART_S: Final = 60.0
POLITE_S: Final = 60.0


class NewPortal(Program):
    """`restart`: the words of the program that starts the portal anew."""

    module = "portal"

    def __init__(
        self,
        slots: Slots,
        moment: Callable[[], Moment],
        trial_s: float,
        portal: Portal,
        *,
        restart: Sequence[str],
        stop: Stop,
    ) -> None:
        super().__init__(slots, moment, trial_s)
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
        self.still_there(row)
        if not self._runs(row.seq):
            self._restart()
            self._stop.until(lambda: self._runs(row.seq) or self.is_taken_back(row), STARTED_S)
            self.still_there(row)
            health.runs(self._portal, row.seq, self._stop.until, 0.0)
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
