"""The database is asked from threads; when it is away, the office is named."""

import asyncio
import threading

import pytest
from sqlalchemy import text

from controller.door.desk import Desk
from controller.door.refusals import Refused
from controller.store.engine import open_engine


def test_one_writes_at_a_time(sqlite_url: str) -> None:
    desk, inside, most = Desk(open_engine(sqlite_url)), 0, 0
    lock = threading.Lock()

    def count(_conn: object) -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        with lock:
            inside -= 1

    async def many() -> None:
        await asyncio.gather(*(desk.write(count) for _ in range(50)))

    asyncio.run(many())
    desk.close()
    assert most == 1


def test_what_raises_is_rolled_back(database: str) -> None:
    desk = Desk(open_engine(database))

    def half(conn: object) -> None:
        conn.execute(text("INSERT INTO site VALUES ('x', 'x', 'x', 0, 0)"))  # type: ignore[attr-defined]
        raise KeyError("x")

    with pytest.raises(KeyError):
        asyncio.run(desk.write(half))
    found = asyncio.run(desk.read(lambda conn: conn.scalar(text("SELECT count(*) FROM site"))))
    assert found == 0
    desk.close()


@pytest.mark.parametrize("how", ["read", "write"])
def test_a_database_that_is_away_is_the_offices_business(how: str) -> None:
    desk = Desk(open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2"))
    with pytest.raises(Refused) as refused:
        asyncio.run(getattr(desk, how)(lambda conn: conn.scalar(text("SELECT 1"))))
    assert refused.value.code == "database"
    assert refused.value.retry_after_s
    desk.close()


def test_a_mistake_of_ours_is_no_absence(sqlite_url: str) -> None:
    desk = Desk(open_engine(sqlite_url))
    with pytest.raises(ZeroDivisionError):
        asyncio.run(desk.read(lambda _: 1 // 0))
    desk.close()
