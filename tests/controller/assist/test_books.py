"""Calls for an officer: one at a time, taken once, braked, and over by itself."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select

from controller.assist import books
from controller.assist.books import HOUR_MS, MOST_AN_HOUR, SHOWN_MS, STANDS_MS
from controller.deeds import Doer
from controller.identity.states import SHUT
from controller.jobs.refused import Refused
from controller.people.powers import EVERYWHERE, Scope
from controller.scope import Outside
from controller.store.citizen_tables import nudge
from controller.store.engine import open_engine, writing
from controller.store.identity_tables import identity
from controller.store.tables import kiosk
from tests.support.inbox_desk import COBLONG, NOW, SOREANG, InboxDesk
from wire.citizen import Call, Coming


@pytest.fixture
def desk(database: str) -> Iterator[InboxDesk]:
    engine = open_engine(database)
    yield InboxDesk(engine)
    engine.dispose()


def name_of(desk: InboxDesk) -> str:
    with desk.engine.connect() as conn:
        return str(conn.scalar(select(kiosk.c.name).where(kiosk.c.site_code == COBLONG)))


def ring(desk: InboxDesk, letter: str = "a", now: int = NOW) -> Coming:
    with writing(desk.engine) as conn:
        return books.ring(conn, name_of(desk), Call(id=letter * 32, page="perizinan"), now)


def standing(desk: InboxDesk, scope: Scope = EVERYWHERE, now: int = NOW) -> list[books.Standing]:
    with desk.engine.connect() as conn:
        return books.standing(conn, scope, now)


def test_one_call_stands_at_a_kiosk_however_often_it_is_said(desk: InboxDesk) -> None:
    first = ring(desk)
    assert first == Coming(id="a" * 32, state="open", since=NOW)
    assert ring(desk, "b", NOW + 5_000) == first
    (one,) = standing(desk, Scope((COBLONG,)))
    assert (one.kiosk, one.site_name, one.page, one.at) == (
        name_of(desk), "Coblong", "perizinan", NOW,
    )  # fmt: skip
    assert standing(desk, Scope((SOREANG,))) == []
    assert desk.log("assist") == ["assist.call"]


def test_who_takes_it_on_does_so_once_and_the_kiosk_is_to_hear_it(desk: InboxDesk) -> None:
    ring(desk)
    (one,) = standing(desk)
    with writing(desk.engine) as conn:
        with pytest.raises(Outside):
            books.take(conn, one.id, desk.soreang, NOW)
        books.take(conn, one.id, desk.loket, NOW + 9)
    with writing(desk.engine) as conn:
        with pytest.raises(Refused) as late:
            books.take(conn, one.id, desk.pengawas, NOW + 10)
        with pytest.raises(Refused):
            books.take(conn, 99, desk.pengawas, NOW + 10)
    assert late.value.code == "state"
    assert standing(desk) == []
    with desk.engine.connect() as conn:
        here = conn.scalar(select(nudge.c.kiosk_id))
        assert here is not None
        assert books.coming(conn, here, NOW + 20) == Coming(
            id="a" * 32, state="taken", since=NOW + 9
        )
        assert books.coming(conn, here, NOW + SHOWN_MS) is None
    assert desk.log("assist") == ["assist.call", "assist.take"]
    assert ring(desk, "b", NOW + 30).state == "open"


def test_nobody_came_in_time_and_the_citizen_may_call_again(desk: InboxDesk) -> None:
    ring(desk)
    (one,) = standing(desk)
    late = NOW + STANDS_MS
    assert standing(desk, now=late) == []
    with writing(desk.engine) as conn, pytest.raises(Refused):
        books.take(conn, one.id, desk.loket, late)
    assert ring(desk, "a", late) == Coming(id="a" * 32, state="over", since=late)
    assert ring(desk, "b", late).state == "open"


def test_of_two_officers_who_press_at_once_one_comes(desk: InboxDesk) -> None:
    ring(desk)
    (one,), begin, said = standing(desk), threading.Barrier(2), []

    def press(doer: Doer) -> None:
        begin.wait(10)
        try:
            with writing(desk.engine) as conn:
                books.take(conn, one.id, doer, NOW + 1)
            said.append("comes")
        except Refused as late:
            said.append(late.code)

    threads = [threading.Thread(target=press, args=(who,)) for who in (desk.loket, desk.pengawas)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(said) == ["comes", "state"]
    assert desk.log("assist") == ["assist.call", "assist.take"]


def test_a_kiosk_that_was_shut_out_calls_nobody_any_more(desk: InboxDesk) -> None:
    ring(desk)
    with writing(desk.engine) as conn:
        here = conn.scalar(select(kiosk.c.id).where(kiosk.c.site_code == COBLONG))
        conn.execute(insert(identity).values(kiosk_id=here, state="active", since=1, why=""))
    assert len(standing(desk)) == 1
    for state in SHUT:
        with writing(desk.engine) as conn:
            conn.execute(identity.update().values(state=state))
        assert standing(desk) == []


def test_a_clock_that_was_put_back_leaves_no_call_standing_for_long(desk: InboxDesk) -> None:
    ring(desk)
    assert len(standing(desk, now=NOW - STANDS_MS + 1)) == 1, "a small step changes nothing"
    before = NOW - 30 * HOUR_MS
    assert standing(desk, now=before) == []
    assert ring(desk, "b", before).state == "open", "and nobody is kept from calling again"
    assert ring(desk, "a", before).state == "over"
    (one,) = standing(desk, now=before)
    with writing(desk.engine) as conn:
        books.take(conn, one.id, desk.loket, before)


def test_a_name_that_was_used_before_is_no_second_call(desk: InboxDesk) -> None:
    ring(desk)
    ring(desk, "b", NOW + STANDS_MS)
    assert ring(desk, "a", NOW + 2 * STANDS_MS).state == "over"
    assert len(desk.log("assist")) == 2


def test_a_child_that_plays_is_braked(desk: InboxDesk) -> None:
    for n in range(MOST_AN_HOUR):
        assert ring(desk, str(n), NOW + n).state == "open"
        with writing(desk.engine) as conn:
            books.take(conn, standing(desk, now=NOW + n)[0].id, desk.loket, NOW + n)
    assert ring(desk, "f", NOW + 99).state == "many"
    assert len(desk.log("assist.call")) == MOST_AN_HOUR
