"""A citizen asks how theirs stands: by receipt number and the last four digits of a telephone.

Says the same of a number that there is not and of digits that are wrong, in about the same time,
and lets nobody try all digits: wrong ones are counted by number and by kiosk, those that are being
asked like wrong ones, questions by kiosk. Which digits are right only the registrar knows.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import msgspec
from limits import RateLimitItem
from sqlalchemy import Connection, func, select
from starlette.requests import Request
from starlette.responses import Response

from controller.door.allowance import DAILY, GUESSES, MISSES, QUESTIONS, Allowance
from controller.door.bulk import Bulk
from controller.door.citizens import standings
from controller.door.desk import Desk
from controller.door.refusals import Refused, json
from controller.registrar.client import CannotOpen, Registrar
from controller.registrar.protocol import CHANNEL
from controller.store.citizen_tables import submission
from controller.store.tables import kiosk
from wire.citizen import Answer, Question, Standing

RETRY_S: Final = 30
BRAKED_S: Final = 3_600
MOST_ALIKE: Final = 4  # kiosks that gave out the same number; their letters make it unlikely


class _TooMany(Exception):  # noqa: N818 - says what is so
    """The registrar's own brake holds: controller/registrar/tries.py."""


class Questions:
    """`clock` gives milliseconds since 1970; `registrar` None: nobody can be answered."""

    def __init__(
        self,
        desk: Desk,
        bulk: Bulk,
        registrar: Registrar | None,
        allowance: Allowance,
        clock: Callable[[], int],
    ) -> None:
        self._desk, self._bulk, self._registrar = desk, bulk, registrar
        self._allowance, self._clock = allowance, clock
        self._asking = ThreadPoolExecutor(4, "door-asks")
        self._unanswered: Counter[str] = Counter()  # by number and by kiosk

    def close(self) -> None:
        self._asking.shutdown(wait=False, cancel_futures=True)

    async def ask(self, request: Request) -> Response:
        """POST Question -> Answer."""
        caller = await self._bulk.caller(request)
        try:
            asked = msgspec.json.decode(await request.body(), type=Question)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Refused("malformed", f"not the JSON of Question: {error}"[:200]) from None
        wait = self._allowance.once(QUESTIONS, caller.kiosk)
        wait = wait or self._guessed(caller.kiosk, asked.number)
        if wait:
            return json(Answer(id=asked.id, found=False, wait_s=wait))
        both = (caller.kiosk, asked.number)
        self._unanswered.update(both)
        try:
            found = await self._find(caller.kiosk, asked)
            if found is None:
                for item, by in _brakes(*both):
                    self._allowance.once(item, by)
        except _TooMany:
            return json(Answer(id=asked.id, found=False, wait_s=BRAKED_S))
        finally:
            self._unanswered -= Counter(both)
        return json(Answer(id=asked.id, found=found is not None, standing=found))

    def _guessed(self, kiosk: str, number: str) -> int:
        """How many seconds to wait, 0 for none: whoever asks at once has not guessed less."""
        brakes = _brakes(kiosk, number)
        waits = (self._allowance.used_up(item, by, self._unanswered[by]) for item, by in brakes)
        return max(waits)

    async def _find(self, asking: str, asked: Question) -> Standing | None:
        rows = await self._desk.read(lambda conn: _numbered(conn, asked.number))
        if not rows:  # it takes as long as where there is one
            await self._knows(asking, asked)
        right = [row for row in rows if await self._knows(row.name, asked)]
        if not right:
            return None
        which = submission.c.id == right[0].id
        now = self._clock()
        found = await self._desk.read(lambda conn: standings(conn, which, now))
        return found[0] if found else None

    async def _knows(self, name: str, asked: Question) -> bool:
        """Raises Refused `registrar`, _TooMany."""
        away = Refused("registrar", "the office's registrar is away: ask again later", RETRY_S)
        if self._registrar is None:
            raise away
        know = self._registrar.knows_tail
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._asking, know, name, asked.number, asked.tail)
        except CannotOpen as why:
            raise (_TooMany if why.code == "wait" else away) from None


def _brakes(kiosk: str, number: str) -> tuple[tuple[RateLimitItem, str], ...]:
    return (GUESSES, number), (DAILY, number), (MISSES, kiosk)


def _numbered(conn: Connection, number: str) -> list[Any]:
    """Those that another program handed in for a citizen are among them."""
    name = func.coalesce(kiosk.c.name, CHANNEL).label("name")
    query = select(submission.c.id, name)
    query = query.outerjoin_from(submission, kiosk, kiosk.c.id == submission.c.kiosk_id)
    query = query.where(submission.c.number == number).order_by(submission.c.id)
    return [*conn.execute(query.limit(MOST_ALIKE))]
