"""All who wait for the warden are served by one look."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from controller.door.desk import Desk
from controller.door.refusals import Refused
from controller.door.signing import Signing
from controller.identity.redeem import Asked
from controller.store.engine import open_engine
from tests.support.identities import Books, request

T = TypeVar("T")


def asked(books: Books) -> int:
    done = books.redeem(books.invite(), request())
    assert isinstance(done, Asked)
    return done.certificate_id


class Counting(Desk):
    looks = 0

    async def read(self, work: Callable[[Connection], T]) -> T:
        self.looks += 1
        return await super().read(work)


def test_whoever_waits_gets_what_was_signed(books: Books) -> None:
    number = asked(books)
    desk = Counting(books.engine)

    async def wait() -> list[object]:
        signing = Signing(desk, every_s=0.02)
        waits = [asyncio.create_task(signing.outcome(number, 20)) for _ in range(100)]
        await asyncio.sleep(0.1)
        before = desk.looks
        await asyncio.to_thread(books.warden.sign_all)
        found = await asyncio.gather(*waits)
        assert before < 30  # not one look for each of the hundred
        await signing.end()
        return list(found)

    found = asyncio.run(wait())
    assert len(set(found)) == 1
    assert found[0].state == "issued"  # type: ignore[attr-defined]


def test_who_waits_in_vain_is_told_and_nobody_looks_any_more(books: Books) -> None:
    number = asked(books)

    async def wait() -> None:
        signing = Signing(Desk(books.engine), every_s=0.01)
        assert await signing.outcome(number, 0.1) is None
        assert signing._poller is not None
        await asyncio.wait_for(asyncio.shield(signing._poller), 10)

    asyncio.run(wait())


def test_a_database_that_is_away_ends_the_waiting() -> None:
    away = "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2"

    async def wait() -> None:
        signing = Signing(Desk(open_engine(away)))
        with pytest.raises(Refused) as refused:
            await signing.outcome(1, 30)
        assert refused.value.code == "database"

    asyncio.run(wait())
