"""One run of the child: every bundle that is wanted or on its way, then the daily look at all.

Owns the order (content first, the agent itself last) and what the run comes to: an exit code, and
when it wants to be started again. One bundle that cannot go on holds up no other.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from agent.config import BadConfig
from agent.content.activation import AgentNew, Later
from agent.content.assemble import Missing
from agent.content.board import Board
from agent.content.install import SWITCHED, Install
from agent.content.journal import Journal
from agent.content.stop import Stopped
from agent.content.told import AGENT, AGENT_NEW, DONE, LATER, MUST_ACT
from agent.content.trouble import FAILING, StorageFailing, Trouble
from agent.content.upkeep import DAMAGED, Upkeep
from wire.content import PROGRAMS
from wire.wants import Want

MOST_S: Final = 3600.0  # of a pause that grows
ANEW_S: Final = 5.0


class Tools(NamedTuple):
    """Those of one bundle."""

    install: Install
    upkeep: Upkeep


class End(NamedTuple):
    """`code`: of the process (`told`). `again_s` None: not before something new is wanted."""

    code: int
    again_s: float | None


class Work:
    """`tools` makes those of a bundle; `there`: bundles of which a release is in use."""

    def __init__(
        self,
        wants: Sequence[Want],
        journal: Journal,
        board: Board,
        tools: Callable[[str], Tools],
        in_use: Callable[[], Mapping[str, int]],
    ) -> None:
        self._wants = {want.bundle: want for want in wants}
        self._journal, self._board = journal, board
        self._tools, self._in_use = tools, in_use
        self._again: list[float] = []
        self._must_act = False

    def run(self) -> End:
        """Told on the board when this returns."""
        code = DONE
        try:
            for bundle in self._bundles():
                if self._one(bundle):
                    code = AGENT_NEW
        except Stopped:
            code, self._again = LATER, [ANEW_S]
        if code == DONE and self._must_act:
            code = MUST_ACT
        elif code == DONE and self._goes_on():
            code = LATER
        end = End(code, min(self._again, default=None))
        self._board.end(self._in_use(), end.again_s)
        return end

    def _goes_on(self) -> bool:
        """Whether a release is on its way that is wanted, or switched to and not proven."""
        rows = [self._journal.row(bundle) for bundle in self._journal.unsettled()]
        return any(row and (row.bundle in self._wants or row.state in SWITCHED) for row in rows)

    def _bundles(self) -> list[str]:
        found = {*self._wants, *self._journal.unsettled(), *self._in_use()}
        return sorted(found, key=lambda name: (name in PROGRAMS, name == AGENT, name))

    def _one(self, bundle: str) -> bool:
        """Whether the agent must start anew. Raises Stopped."""
        try:
            tools = self._tools(bundle)
            anew = self._install(tools.install, bundle)
            if not anew:
                self._look(tools.upkeep, bundle)
        except BadConfig as error:
            self._must_act = True
            self._board.fault(FAILING, str(error))
            return False
        return anew

    def _install(self, install: Install, bundle: str) -> bool:
        try:
            install.run(self._wants.get(bundle), bundle)
        except AgentNew:
            return True
        except Later as later:
            self._again.append(later.again_s)
        except (Trouble, OSError) as error:
            self._failed(bundle, error)
        return False

    def _failed(self, bundle: str, error: Trouble | OSError) -> None:
        trouble = error if isinstance(error, Trouble) else StorageFailing(str(error))
        self._board.fault(trouble.fault, f"{bundle}: {trouble.why}")
        if trouble.again_s is not None:
            pause = trouble.again_s * 2 ** min(self._journal.count_failure(bundle), 10)
            self._again.append(max(trouble.again_s, min(pause, MOST_S)))

    def _look(self, upkeep: Upkeep, bundle: str) -> None:
        try:
            if upkeep.run(bundle):
                self._again.append(MOST_S)  # the fault clears when the next look finds nothing
        except Missing as missing:
            self._board.fault(DAMAGED, f"{bundle}: {missing}")
            self._again.append(MOST_S)
        except (Trouble, OSError) as error:
            self._board.fault(FAILING, f"{bundle}: {error}")
            self._again.append(MOST_S)
        else:
            if bundle in self._in_use():
                self._again.append(upkeep.due_s(bundle))
