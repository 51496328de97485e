"""What officers see of the counters."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert

from controller import fleet
from controller.counters import books, read
from controller.counters.read import Counter, Line
from controller.people.powers import EVERYWHERE, NOWHERE, Scope
from controller.store.citizen_tables import tray
from controller.store.engine import open_engine, writing
from tests.support.inbox_desk import ANTAPANI, COBLONG, DAY, NOW, SOREANG, InboxDesk

TODAY = books.day_of(NOW)


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    engine = open_engine(database)
    InboxDesk(engine)
    with writing(engine) as open_:
        yield open_
    engine.dispose()


def seen(conn: Connection, scope: Scope = EVERYWHERE, now: int = NOW) -> dict[str, Counter]:
    return {one.site_code: one for one in read.counters(conn, scope, now)}


def test_few_kiosks_are_all_shown_with_the_letters_of_their_services(conn: Connection) -> None:
    found = seen(conn)
    assert set(found) == {COBLONG, ANTAPANI, SOREANG}
    named = {line.letter: line.service.of("id") for line in found[COBLONG].lines if line.service}
    assert len(named) >= 1
    assert all(line[2:] == (0, 0) for one in found.values() for line in one.lines)


def test_each_sees_the_counters_of_their_districts(conn: Connection) -> None:
    assert set(seen(conn, Scope((COBLONG,)))) == {COBLONG}
    assert seen(conn, NOWHERE) == {}


def test_what_a_kiosk_told_stands_there_today_also_by_a_letter_nobody_offers(
    conn: Connection,
) -> None:
    conn.execute(insert(tray).values(kiosk_id=1, waiting=0, oldest=0, at=NOW - 5))
    books.issued(conn, 1, {(TODAY, "Z"): 4, ("2026-11-21", "Y"): 9}, NOW)
    (one,) = [one for one in seen(conn).values() if one.told_at]
    assert (one.told_at, one.lines[-1]) == (NOW - 5, Line("Z", None, 4, 0))
    assert one.lines[-1].waiting == 4
    assert all(line.letter not in "YZ" for line in seen(conn, now=NOW + DAY)[one.site_code].lines)


def test_of_many_kiosks_those_are_shown_that_gave_out_tickets(conn: Connection) -> None:
    more = [fleet.NewKiosk(f"k-more-{n}", ANTAPANI) for n in range(read.FEW)]
    fleet.import_fleet(conn, [], more, NOW)
    assert seen(conn) == {}
    books.issued(conn, 1, {(TODAY, "A"): 1}, NOW)
    assert len(seen(conn)) == 1
