"""Newer policies on their way to kiosks: one step at a time, and orders wait for them.

A kiosk judges orders by its own policy and refuses for ever what that does not know, so it is told
the newer one first; it says a birth again when it has it. One that never does (it refuses the
policy, or is too old) is given its orders all the same after a while: it shall say why not.
Owns only what it told whom in which connection, in memory: a restart tells again.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, select

from controller import policies
from controller.commands.orders import new_policy
from controller.commands.plan import Kiosk
from controller.dispatch import Outgoing
from controller.policies import InForce  # noqa: TC001 - beside the function that makes it
from controller.store.tables import kiosk, kiosk_status, thread

PATIENCE_MS: Final = 30_000
AGAIN_MS: Final = 600_000
SLICE: Final = 200
_BEHIND = (
    select(
        kiosk.c.id,
        kiosk.c.name,
        kiosk.c.partition,
        thread.c.nonce,
        thread.c.policy,
        thread.c.number,
    )
    .join(thread, thread.c.kiosk_id == kiosk.c.id)
    .join(kiosk_status, kiosk_status.c.kiosk_id == kiosk.c.id)
    .where(kiosk_status.c.presence == "online", thread.c.nonce != "", thread.c.policy > 0)
    .order_by(kiosk.c.id)
)


class Road:
    def __init__(self) -> None:
        self.newest: InForce | None = None
        self._told: dict[int, tuple[str, int]] = {}  # kiosk id -> nonce, when it was told
        self._cursor: int | None = None  # none: nobody is left to be told
        self._again = 0

    def look(self, conn: Connection, now: int) -> None:
        """Which policy is in force."""
        before = self.newest.policy.version if self.newest is not None else 0
        self.newest = policies.newest(conn)
        version = self.newest.policy.version if self.newest is not None else 0
        if version != before or now >= self._again:
            self._cursor, self._again = 0, now + AGAIN_MS
            self._told = {k: told for k, told in self._told.items() if now - told[1] < AGAIN_MS}

    def forget(self) -> None:
        """What was about to be told was perhaps not."""
        self._told.clear()

    def is_behind(self, one: Kiosk) -> bool:
        return self.newest is not None and 0 < one.policy < self.newest.policy.version

    def waits(self, one: Kiosk, now: int) -> bool:
        """Whether its orders are held until it has the newer policy."""
        nonce, since = self._told.get(one.id, ("", 0))
        return self.is_behind(one) and (nonce != one.nonce or now - since < PATIENCE_MS)

    def step(self, conn: Connection, one: Kiosk, now: int) -> list[Outgoing]:
        """The next policy for this kiosk, unless this connection of its was told it already."""
        if not self.is_behind(one) or self._told.get(one.id, ("", 0))[0] == one.nonce:
            return []
        signed = policies.after(conn, one.policy)
        if signed is None:
            return []
        self._told[one.id] = (one.nonce, now)
        return [new_policy(one, signed)]

    def walk(self, conn: Connection, partitions: Iterable[int], now: int) -> list[Outgoing]:
        """A slice of those who are here and have not been told: after a new policy was stored."""
        if self._cursor is None or self.newest is None:
            return []
        behind = thread.c.policy < self.newest.policy.version
        ours = (kiosk.c.partition.in_(sorted(partitions)), kiosk.c.id > self._cursor, behind)
        rows = conn.execute(_BEHIND.where(*ours).limit(SLICE)).all()
        self._cursor = rows[-1].id if len(rows) == SLICE else None
        return [out for row in rows for out in self.step(conn, Kiosk(*row, listens=True), now)]
