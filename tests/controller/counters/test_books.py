"""Numbers called at a kiosk's counter."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select

from controller.counters import books, read
from controller.counters.books import Asked
from controller.jobs.refused import Refused
from controller.people.powers import EVERYWHERE
from controller.scope import Outside
from controller.store.engine import open_engine, writing
from controller.store.tables import change, kiosk
from tests.support.inbox_desk import COBLONG, DAY, NOW, InboxDesk

TODAY = "2026-11-22"


@pytest.fixture
def desk(database: str) -> Iterator[InboxDesk]:
    engine = open_engine(database)
    yield InboxDesk(engine)
    engine.dispose()


def name_of(engine: Engine, code: str = COBLONG) -> tuple[int, str]:
    with engine.connect() as conn:
        row = conn.execute(select(kiosk.c.id, kiosk.c.name).where(kiosk.c.site_code == code)).one()
    return row.id, row.name


def tell(desk: InboxDesk, number: int, letter: str = "A", day: str = TODAY) -> None:
    with writing(desk.engine) as conn:
        books.issued(conn, name_of(desk.engine)[0], {(day, letter): number}, NOW)


def call(desk: InboxDesk, seen: int, number: int, letter: str = "A", now: int = NOW) -> None:
    with writing(desk.engine) as conn:
        asked = Asked(name_of(desk.engine)[1], letter, seen, number)
        books.call(conn, asked, desk.loket, now)


def lines(desk: InboxDesk, now: int = NOW) -> list[tuple[str, int, int]]:
    with desk.engine.connect() as conn:
        (one,) = read.counters(conn, EVERYWHERE, now, name_of(desk.engine)[1])
    return [(line.letter, line.issued, line.called) for line in one.lines]


def test_the_next_is_called_by_whoever_saw_the_one_before(desk: InboxDesk) -> None:
    tell(desk, 3)
    call(desk, 0, 1)
    call(desk, 1, 2)
    with pytest.raises(Refused) as said:
        call(desk, 1, 2)
    assert said.value.code == "state"
    assert ("A", 3, 2) in lines(desk)
    assert desk.log("counter") == ["counter.call", "counter.call"]


def test_a_number_may_be_called_before_the_kiosk_told_of_it_and_be_taken_back(
    desk: InboxDesk,
) -> None:
    call(desk, 0, 7, "B")
    call(desk, 7, 6, "B")
    assert ("B", 0, 6) in lines(desk)
    tell(desk, 9, "B")
    assert ("B", 9, 6) in lines(desk)


def test_tomorrow_begins_anew(desk: InboxDesk) -> None:
    tell(desk, 3)
    call(desk, 0, 1)
    assert ("A", 3, 1) not in lines(desk, NOW + DAY)
    call(desk, 0, 1, now=NOW + DAY)


def test_what_a_kiosk_tells_twice_is_written_once(desk: InboxDesk) -> None:
    for number in (3, 3, 4):
        tell(desk, number)
    with desk.engine.connect() as conn:
        told = select(func.count()).select_from(change).where(change.c.topic == "counter")
        assert conn.scalar(told) == 2


@pytest.mark.parametrize(
    ("letter", "number"), [("AB", 1), ("", 1), ("a", 1), ("1", 1), ("A", 0), ("A", 1000)]
)
def test_what_is_no_number_is_not_called(desk: InboxDesk, letter: str, number: int) -> None:
    with pytest.raises(Refused):
        call(desk, 0, number, letter)


def test_nobody_calls_at_a_counter_of_another_district(desk: InboxDesk) -> None:
    asked = Asked(name_of(desk.engine)[1], "A", 0, 1)
    with writing(desk.engine) as conn:
        with pytest.raises(Outside):
            books.call(conn, asked, desk.soreang, NOW)
        with pytest.raises(Refused):
            books.call(conn, asked._replace(kiosk="nobody"), desk.loket, NOW)
