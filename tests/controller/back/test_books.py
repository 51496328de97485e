"""What is to be sent is written with the acceptance; its state changes from what it was alone."""

import pytest

from controller.back import books, desk
from controller.back.pacing import PAUSE, WAITS
from controller.people.audit import By
from controller.store.citizen_tables import sending
from controller.store.engine import writing
from tests.support.back import CITY, Backed
from tests.support.registrar import NOW


def test_each_system_that_is_on_and_wants_it_gets_it_once(backed: Backed) -> None:
    office = backed.registry
    with writing(office.engine) as conn:
        desk.add(conn, By("kepala"), desk.New(CITY, "hanya-ktp", "folder", ("KTP-EL",)), NOW)
        desk.add(conn, By("kepala"), desk.New("32.04", "kabupaten", "folder"), NOW)
        off = desk.add(conn, By("kepala"), desk.New(CITY, "mati", "folder"), NOW)
        desk.switch(conn, By("kepala"), off, False, NOW)
    body = office.portal().record()
    office.accepted(body)
    office.judged(body)  # brought twice
    rows = office.rows(sending)
    assert [(one.back_system_id, one.state, one.tries) for one in rows] == [
        (1, "waiting", 0),
        (2, "waiting", 0),
    ]


def test_a_refused_record_goes_nowhere(backed: Backed) -> None:
    assert backed.registry.judged(b"nonsense").outcome == "refused"
    assert backed.registry.rows(sending) == []


def test_one_is_tried_again_later_and_put_aside_in_the_end(backed: Backed) -> None:
    office = backed.registry
    office.accepted(office.portal().record())
    for tries in range(len(WAITS) + 1):
        with writing(office.engine) as conn:
            (first, *_) = books.due(conn, office.clock(), 1)
            one = books.find(conn, first, office.clock())
            assert one is not None
            assert one.tries == tries or one.id != 1
            if one.id != 1:  # the other system's: out of the way
                books.sent(conn, one, "")
                one = books.find(conn, 1, office.clock())
                assert one is not None
            books.failed(conn, one, "away " * 200, ever=False, now=office.clock())
        row = office.row(sending, 1)
        assert len(row.error) == 300
        office.clock.now = max(office.clock.now, row.next_at)
    assert (row.state, row.tries) == ("failed", len(WAITS) + 1)


def test_what_cannot_be_mended_by_waiting_is_put_aside_at_once(backed: Backed) -> None:
    office = backed.registry
    office.accepted(office.portal().record())
    with writing(office.engine) as conn:
        one = books.find(conn, 1, NOW)
        assert one is not None
        books.failed(conn, one, "refused", ever=True, now=NOW)
        assert books.waiting(conn) == 2
    assert office.row(sending, 1).state == "failed"
    with pytest.raises(RuntimeError, match="two registrars"), writing(office.engine) as conn:
        books.sent(conn, one, "")


def test_a_pause_is_no_try_and_concerns_one_system(backed: Backed) -> None:
    office = backed.registry
    portal = office.portal()
    for _ in range(2):
        office.accepted(portal.record())
    with writing(office.engine) as conn:
        books.pause(conn, 2, NOW)
        assert len(books.due(conn, NOW, 10)) == 2
        assert len(books.due(conn, NOW + PAUSE, 10)) == 4
    assert {one.tries for one in office.rows(sending)} == {0}
