"""Waits for the warden's signature on behalf of every request that asked for one.

One look at the database serves all who wait, however many: a thousand kiosks that enrol at once
must not become ten thousand queries a second. Never signs.
"""

import asyncio
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select

from controller.door.desk import Desk
from controller.door.refusals import Refused
from controller.store.identity_tables import certificate

EVERY_S: Final = 0.1
_AT_ONCE: Final = 500


class Outcome(NamedTuple):
    """A certificate that is no longer `requested`. Times in milliseconds since 1970.

    `pem` is None where none was signed, or no copy was kept.
    """

    id: int
    state: str
    serial: str
    pem: str | None
    not_before: int
    not_after: int
    why: str


class _Wait:
    """One certificate and how many requests wait for it."""

    def __init__(self, future: "asyncio.Future[Outcome]") -> None:
        self.future = future
        self.askers = 0


class Signing:
    """Belongs to one event loop. `end` when that ends."""

    def __init__(self, desk: Desk, every_s: float = EVERY_S) -> None:
        self._desk = desk
        self._every_s = every_s
        self._waits: dict[int, _Wait] = {}
        self._poller: asyncio.Task[None] | None = None

    async def outcome(self, certificate_id: int, within_s: float) -> Outcome | None:
        """None when it is still `requested` after `within_s`. Raises Refused `database`."""
        loop = asyncio.get_running_loop()
        wait = self._waits.setdefault(certificate_id, _Wait(loop.create_future()))
        wait.askers += 1
        if self._poller is None or self._poller.done():
            self._poller = loop.create_task(self._poll())
        try:  # shielded: the same request may wait twice, and one of them give up
            return await asyncio.wait_for(asyncio.shield(wait.future), within_s)
        except TimeoutError:
            return None
        finally:
            wait.askers -= 1
            if not wait.askers and self._waits.get(certificate_id) is wait:
                del self._waits[certificate_id]

    async def end(self) -> None:
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)

    async def _poll(self) -> None:
        """Looks as long as anybody waits."""
        while self._waits:
            ids = list(self._waits)[:_AT_ONCE]
            try:
                rows = await self._desk.read(partial(_signed, ids))
            except Refused as refused:
                self._fail(refused)
                return
            for row in rows:
                self._settle(row)
            for one in ids:  # to the end of the queue: all are looked at equally often
                if one in self._waits:
                    self._waits[one] = self._waits.pop(one)
            await asyncio.sleep(self._every_s)

    def _settle(self, row: Outcome) -> None:
        wait = self._waits.pop(row.id, None)
        if wait is not None and not wait.future.done():
            wait.future.set_result(row)

    def _fail(self, refused: Refused) -> None:
        for wait in self._waits.values():
            if not wait.future.done():
                wait.future.set_exception(refused)
                wait.future.exception()  # looked at: who gave up will not
        self._waits.clear()


def _signed(ids: list[int], conn: Connection) -> list[Outcome]:
    names = ("id", "state", "serial", "pem", "not_before", "not_after", "ended_why")
    columns: list[Any] = [certificate.c[name] for name in names]
    query = select(*columns).where(certificate.c.id.in_(ids), certificate.c.state != "requested")
    return [Outcome(*row) for row in conn.execute(query)]
