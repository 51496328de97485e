"""Identities and certificates change by the table, conditionally, and it is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from controller.changes import Watch
from controller.identity import ending, invitations
from controller.identity.states import NoSuchKiosk, find, hold, hold_all, move_identity
from controller.store.engine import writing
from tests.support.identities import BY, PIN, Books
from wire.lifecycle import IllegalMove


def test_a_kiosk_without_a_row_is_registered(books: Books) -> None:
    assert books.state() == "registered"


def test_a_pair_that_is_not_in_the_table_changes_nothing(books: Books) -> None:
    with writing(books.engine) as conn, pytest.raises(IllegalMove):
        move_identity(conn, books.one.id, "enrol", "why", books.now)
    assert books.state() == "registered"


def test_a_move_that_leads_nowhere_keeps_since_and_why(books: Books) -> None:
    books.enrol()
    before = books.row()
    books.now += 1000
    books.invite()
    assert books.row() == before


def test_kiosks_nobody_registered_are_said_so(books: Books) -> None:
    with writing(books.engine) as conn:
        for ask in (
            lambda: find(conn, "nobody"),
            lambda: hold(conn, 10**9),
            lambda: hold_all(conn, ["bdg-sukasari-1", "nobody"]),
        ):
            with pytest.raises(NoSuchKiosk):
                ask()


def test_kiosks_are_held_in_one_order_whoever_asks(books: Books) -> None:
    with writing(books.engine) as conn:
        names = [one.name for one in hold_all(conn, ["kab-ciwidey-1", "bdg-sukasari-1"])]
    assert names == sorted(names)


def test_changes_of_many_at_once_wait_for_each_other_and_none_is_lost(books: Books) -> None:
    books.enrol(books.one)
    books.enrol(books.two)
    names = [books.one.name, books.two.name]

    def act(number: int) -> None:
        with writing(books.engine) as conn:
            if number % 2:
                invitations.issue_all(conn, names[:: 2 - number % 4], PIN, BY, books.now)
            else:
                kiosk = (books.one, books.two)[number % 4 // 2]
                ending.quarantine(conn, kiosk.id, "two machines", books.now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(24)))
    assert len([one for one in books.told() if one[1] == "identity.invite"]) == 2 + 24


def test_every_change_is_told_to_whoever_watches_and_to_the_audit_log(books: Books) -> None:
    watch = Watch(books.engine)
    number = books.enrol()
    books.use(number)
    books.do(ending.revoke, books.one.id, "stolen", BY)
    told = [(one.topic, one.kiosk_id, one.detail) for one in watch.poll()]
    steps = ["identity.invite", "identity.enrol", "certificate.first_use", "identity.revoke"]
    assert told == [("kiosk", books.one.id, step) for step in steps]
    whos = ["teknisi-pagi", "door", "door", "teknisi-pagi"]
    assert books.told() == [
        (who, step, books.one.name) for who, step in zip(whos, steps, strict=True)
    ]
