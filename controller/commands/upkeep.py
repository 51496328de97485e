"""What happens to jobs, rollouts and releases because time passed, in one controller of all.

Owns the ticks of their clerks (given as callables, each with a transaction of its own: what one
stumbles over stops none of the others) and how long what kiosks sent is kept. Only the holder of
partition 0 does it, in transactions fenced by that lease.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection, Engine, String, cast, delete, func, or_, select, update

from controller.leases import LeaseLost, Leases
from controller.metrics import Counters
from controller.store import failures
from controller.store.command_tables import attachment, command
from controller.store.engine import writing

DAY_MS: Final = 86_400_000
ATTACHMENTS_KEPT_MS: Final = 30 * DAY_MS
DETAILS_KEPT_MS: Final = 400 * DAY_MS
ATTACHMENT_SLICE: Final = 20  # each may be a megabyte
SLICE: Final = 500
CHIEF: Final = 0  # the partition whose holder does it

Clerk = Callable[[Connection, int], bool]
"""(connection in a writing transaction, now): whether something may go that could not before."""


class Upkeep:
    """`clock` gives office milliseconds; `say` tells whoever runs the office.

    `clerks`: what each moves on (in the words of the office: jobs, rollouts ...), and its tick.
    """

    def __init__(
        self,
        engine: Engine,
        leases: Leases,
        counters: Counters,
        clock: Callable[[], int],
        clerks: Mapping[str, Clerk],
        *,
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._engine = engine
        self._leases = leases
        self._clock = clock
        self._counters = counters
        self._clerks = dict(clerks)
        self._say = say
        self._told: dict[str, str] = {}  # of each clerk, what it stumbled over last
        self._pruned = 0  # id of the last command looked at

    def tick(self) -> bool:
        """Whether the desk should look at once. Raises StoreAway or StoreBroken."""
        more = [self._fenced(what, clerk) for what, clerk in self._clerks.items()]
        return any(more)

    def prune(self) -> None:
        """Forget a slice of what is old. Raises StoreAway or StoreBroken."""
        self._fenced("old details", self._forget)

    def _fenced(self, what: str, step: Clerk) -> bool:
        if CHIEF not in self._leases.held:
            return False
        try:
            with writing(self._engine) as conn:
                self._leases.check(conn, (CHIEF,))
                more = step(conn, self._clock())
        except LeaseLost:
            return False
        except Exception as error:  # noqa: BLE001 - sorted by what it means, never swallowed
            failures.refuse(error)
            self._tell(what, f"{type(error).__name__}: {failures.reason(error)}")
            return False
        self._told.pop(what, None)
        return more

    def _tell(self, what: str, why: str) -> None:
        """One job whose books are broken must not stop the office from hearing its kiosks."""
        self._counters.add("anjungan_poisoned_total")
        if why != self._told.get(what):
            self._say(f"{what} are not moved on: {why}")
        self._told[what] = why

    def _forget(self, conn: Connection, now: int) -> bool:
        old = attachment.c.at < now - ATTACHMENTS_KEPT_MS
        some = select(attachment.c.id).where(old).order_by(attachment.c.at).limit(ATTACHMENT_SLICE)
        conn.execute(delete(attachment).where(attachment.c.id.in_(some)))
        upto = self._pruned + SLICE
        these = (command.c.id > self._pruned, command.c.id <= upto)
        over = command.c.ended_at < now - DETAILS_KEPT_MS
        bulky = or_(command.c.note != "", cast(command.c.facts, String) != "{}")
        emptied = update(command).where(*these, over, bulky).values(note="", facts={})
        conn.execute(emptied)
        newest = conn.scalar(select(func.max(command.c.id))) or 0
        self._pruned = 0 if upto >= newest else upto
        return False
