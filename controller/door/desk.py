"""The door's way to the database: threads for reading, one at a time for writing.

SQLite lets one writer in and lets the others starve by lot; so the door forms its own queue. A
database that is away becomes a refusal that names the office: the kiosk asks again, no person has
to come.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from controller.door.refusals import Refused
from controller.store.engine import writing
from controller.store.failures import meaning, reason

T = TypeVar("T")
READERS: Final = 3
RETRY_S: Final = 15


class Desk:
    """`close` ends its threads and the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._readers = ThreadPoolExecutor(READERS, "door-reads")
        self._writer = ThreadPoolExecutor(1, "door-writes")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Raises Refused `database` when it is away, and what `work` raises."""

        def look() -> T:
            with self._engine.connect() as conn:
                return work(conn)

        return await self._run(self._readers, look)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """One transaction: committed when `work` returns, rolled back when it raises."""

        def act() -> T:
            with writing(self._engine) as conn:
                return work(conn)

        return await self._run(self._writer, act)

    def close(self) -> None:
        self._readers.shutdown(wait=False, cancel_futures=True)
        self._writer.shutdown(wait=True, cancel_futures=True)
        self._engine.dispose()

    @staticmethod
    async def _run(where: ThreadPoolExecutor, what: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(where, what)
        except SQLAlchemyError as error:
            if meaning(error) == "blame":
                raise
            why = f"the office's database is away, nothing was done: {reason(error)}"
            raise Refused("database", why, RETRY_S) from error
