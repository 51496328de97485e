"""Notices: who writes them for whom, what kiosks are told, and until when."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection

from controller.jobs.refused import Refused
from controller.notices import books
from controller.notices.books import AHEAD_MS, Typed
from controller.people.powers import Scope
from controller.scope import Outside
from controller.services.said import Unreadable
from controller.store.engine import open_engine, writing
from controller.visits import whose
from tests.support.inbox_desk import ANTAPANI, COBLONG, DAY, NOW, SOREANG, InboxDesk
from wire.citizen import MOST_NOTICE, MOST_NOTICES, Notice

TYPED = Typed(("32.73",), "Loket tutup pukul 12.", "", "Closed from noon.", NOW, NOW + DAY)


@pytest.fixture
def desk(database: str) -> Iterator[InboxDesk]:
    engine = open_engine(database)
    yield InboxDesk(engine)
    engine.dispose()


def write(desk: InboxDesk, **changed: Any) -> int:
    with writing(desk.engine) as conn:
        here = whose.find(conn, "32.73")
        return books.write(conn, TYPED._replace(**changed), here, desk.loket, NOW)


def told(conn: Connection, site: str, now: int = NOW) -> tuple[Notice, ...]:
    return books.told(conn, site, ["32", "32.73", site], now)


def test_kiosks_of_the_places_are_told_before_it_begins_and_until_it_ends(desk: InboxDesk) -> None:
    write(desk, places=(COBLONG,), starts=NOW + AHEAD_MS - 1, ends=NOW + AHEAD_MS + DAY)
    write(desk, starts=NOW + AHEAD_MS, ends=NOW + AHEAD_MS + DAY, id="Nanti")
    with desk.engine.connect() as conn:
        (one,) = told(conn, COBLONG)
        assert (one.words.of("id"), one.words.of("en")) == (TYPED.id, TYPED.en)
        assert one.words.of("su") == TYPED.id
        assert told(conn, ANTAPANI) == ()
        assert len(told(conn, ANTAPANI, NOW + AHEAD_MS)) == 1
        assert told(conn, COBLONG, NOW + AHEAD_MS + DAY) == ()
    assert desk.log("notice") == ["notice.write", "notice.write"]


def test_an_ended_one_is_told_no_more_and_is_ended_once(desk: InboxDesk) -> None:
    number = write(desk)
    for _ in range(2):
        with writing(desk.engine) as conn:
            books.end(conn, number, desk.loket, NOW + 1)
    with desk.engine.connect() as conn:
        assert told(conn, COBLONG, NOW + 1) == ()
        assert books.shown(conn, Scope((COBLONG,)), NOW + 1) == []
    assert desk.log("notice") == ["notice.write", "notice.end"]


def test_nobody_writes_or_ends_for_another_district(desk: InboxDesk) -> None:
    camat = desk.person("camat", ("officer", COBLONG))
    number = write(desk)
    with writing(desk.engine) as conn:
        here = whose.find(conn, "32.73")
        for places in (("32.73",), (COBLONG, ANTAPANI)):
            with pytest.raises(Outside):
                books.write(conn, TYPED._replace(places=places), here, camat, NOW)
        books.write(conn, TYPED._replace(places=(COBLONG,)), here, camat, NOW)
        with pytest.raises(Outside):
            books.end(conn, number, camat, NOW)
        with pytest.raises(Refused):
            books.end(conn, 99, camat, NOW)
        assert [one.id for one in books.shown(conn, camat.scope, NOW)] == [number, number + 1]
        assert books.shown(conn, desk.soreang.scope, NOW) == []


def test_markup_stays_text_and_what_would_turn_it_round_is_left_out(desk: InboxDesk) -> None:
    write(desk, id="<script>Tutup\u202e\u2066\x1b[0m</script>\n besok", en="👩‍👩‍👧" * 48)
    with desk.engine.connect() as conn:
        (one,) = told(conn, COBLONG)
    assert one.words.id == "<script>Tutup[0m</script> besok"
    assert len(one.words.of("en")) == MOST_NOTICE


def test_a_district_of_the_other_government_is_no_place_here(desk: InboxDesk) -> None:
    everywhere = desk.person("atasan", ("supervisor", ""))
    with writing(desk.engine) as conn:
        its = whose.find(conn, "32.73")
        for places in ((SOREANG,), (COBLONG, SOREANG), ("32.04",), ("32",)):
            with pytest.raises(Unreadable):
                books.write(conn, TYPED._replace(places=places), its, everywhere, NOW)
    with desk.engine.connect() as conn:
        assert books.shown(conn, everywhere.scope, NOW) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": " "}, {"id": "x" * (MOST_NOTICE + 1)}, {"su": "x" * (MOST_NOTICE + 1)},
        {"ends": NOW}, {"starts": NOW + DAY}, {"ends": NOW + 91 * DAY}, {"places": ()},
        {"places": ("32.04",)},
    ],
)  # fmt: skip
def test_what_is_no_notice_is_said(desk: InboxDesk, wrong: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        write(desk, **wrong)


def test_a_kiosk_is_told_of_the_newest_few(desk: InboxDesk) -> None:
    for n in range(MOST_NOTICES + 2):
        write(desk, id=f"Nomor {n}", starts=NOW - n)
    with desk.engine.connect() as conn:
        assert next(one.words.id for one in told(conn, COBLONG)) == "Nomor 0"
        assert len(told(conn, COBLONG)) == MOST_NOTICES
