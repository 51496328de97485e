"""A program brought into use: what agent and portal have in common.

Owns the trial (agent/software/trial.py): it is on the disk before the link moves, so that launcher
and guard put the old one back without us, should the new one never reach the office or not even
start. Here that is only found out and told.
"""

from collections.abc import Callable
from pathlib import Path

from agent.content.activation import Unfit
from agent.content.health import Unwell
from agent.content.journal import Row
from agent.content.slots import Slots
from agent.software import environment, trial
from agent.software.trial import Moment


class Program:
    """`folder`: of the program's releases. `trial_s`: so long has a new one to prove itself."""

    module: str  # the name of the bundle, too

    def __init__(self, slots: Slots, moment: Callable[[], Moment], trial_s: float) -> None:
        self.slots, self.moment, self._trial_s = slots, moment, trial_s

    @property
    def folder(self) -> Path:
        return self.slots.folder

    def check(self, row: Row) -> None:
        try:
            environment.check(self.slots.tree(row.seq), self.module)
            environment.interpreter(self.folder, row.seq)
        except environment.Unfit as unfit:
            raise Unfit(str(unfit)) from None
        environment.compile_ahead(self.folder, row.seq)

    def prepare(self, row: Row) -> None:
        trial.begin(self.folder, row.seq, row.before, self.moment(), self._trial_s)

    def finish(self, row: Row) -> None:
        """A trial that is over leaves nothing behind."""
        trial.confirm(self.folder, row.seq)
        trial.forget(self.folder)
        environment.prune(self.folder, set(self.slots.all()))

    def is_taken_back(self, row: Row) -> bool:
        """Whether launcher or guard have put the old one back."""
        gone = trial.taken_back(self.folder)
        return gone is not None and gone.seq == row.seq

    def still_there(self, row: Row) -> None:
        """Raises Unwell when launcher or guard have put the old one back."""
        gone = trial.taken_back(self.folder)
        if gone is not None and gone.seq == row.seq:
            raise Unwell(gone.code, gone.why)
        if self.slots.current != row.seq:
            raise Unwell("taken_back", "another release was put into its place")
