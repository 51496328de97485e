"""What people see of identities is what stands in the books."""

import pytest
from sqlalchemy import insert

from controller.identity import ending, standing
from controller.identity.standing import IdentityQuery
from controller.identity.states import NoSuchKiosk
from controller.people.powers import NOWHERE, Scope
from controller.store.engine import writing
from controller.store.identity_tables import warden
from controller.warden_state import spoken
from controller.words import BadQuestion
from tests.support.identities import BY, DAY_MS, Books
from wire.door import GRACE_DAYS

KABUPATEN = Scope(("32.04",))


def test_every_kiosk_stands_in_the_list_also_without_a_row(books: Books) -> None:
    books.invite(books.two)
    with books.engine.connect() as conn:
        page = standing.list_identities(conn, IdentityQuery(), books.now)
        counted = standing.counts(conn)
    assert [(one.kiosk, one.state) for one in page.rows] == [
        ("bdg-sukasari-1", "registered"),
        ("kab-ciwidey-1", "pending"),
    ]
    assert page.total == 2
    assert page.rows[1].open_until == books.now + DAY_MS
    assert {state: n for state, n in counted.items() if n} == {"registered": 1, "pending": 1}


def test_filters_join(books: Books) -> None:
    books.invite(books.two)

    def names(**asked: object) -> list[str]:
        with books.engine.connect() as conn:
            query = IdentityQuery(**asked)  # type: ignore[arg-type]
            return [one.kiosk for one in standing.list_identities(conn, query, books.now).rows]

    assert names(states=("registered",)) == ["bdg-sukasari-1"]
    assert names(search="CIWI") == ["kab-ciwidey-1"]
    assert names(search="ciwi", states=("registered",)) == []
    assert names(size=1, page=2) == ["kab-ciwidey-1"]


def test_row_69_a_district_sees_only_its_own(books: Books) -> None:
    books.enrol(books.one)
    books.enrol(books.two)
    books.now = books.certificate(2).not_after
    with books.engine.connect() as conn:
        page = standing.list_identities(conn, IdentityQuery(), books.now, KABUPATEN)
        assert [one.kiosk for one in page.rows] == ["kab-ciwidey-1"]
        assert page.total == 1
        assert standing.counts(conn, KABUPATEN)["active"] == 1
        assert [one.kiosk for one in standing.late(conn, books.now, KABUPATEN)] == ["kab-ciwidey-1"]
        assert standing.list_identities(conn, IdentityQuery(), books.now, NOWHERE).rows == []
        assert standing.late(conn, books.now, NOWHERE) == []


def test_one_kiosk_is_shown_whole(books: Books) -> None:
    old = books.enrol()
    books.use(old)
    new = books.signed(books.renew(old))
    books.do(ending.revoke, books.one.id, "stolen", BY)
    books.shut()
    with books.engine.connect() as conn:
        whole = standing.show(conn, books.one.name, books.now)
    assert (whole.identity.state, whole.identity.why) == ("revoked", "stolen")
    assert whole.identity.shut_at == books.now
    assert whole.identity.not_after is None
    assert [one.id for one in whole.certificates] == [new, old]
    assert whole.certificates[1].first_used_at == books.now
    assert [one.issued_by for one in whole.invitations] == ["teknisi-pagi"]
    assert len(whole.certificates[0].key.replace(" ", "")) == 16


def test_who_did_not_renew_is_listed_worst_first(books: Books) -> None:
    books.use(books.enrol(books.one))
    books.now += 10 * DAY_MS
    books.use(books.enrol(books.two))
    end = books.certificate(1).not_after

    def seen(at: int) -> list[tuple[str, str]]:
        with books.engine.connect() as conn:
            return [(one.kiosk, one.how) for one in standing.late(conn, at)]

    assert seen(end - 30 * DAY_MS) == []
    assert seen(end - 30 * DAY_MS + 1) == [("bdg-sukasari-1", "late")]
    assert seen(end + 1) == [("bdg-sukasari-1", "expired"), ("kab-ciwidey-1", "late")]
    assert seen(end + GRACE_DAYS * DAY_MS + 1)[0] == ("bdg-sukasari-1", "lost")
    books.now = end
    books.use(books.signed(books.renew(1)))
    assert seen(end + 1) == [("kab-ciwidey-1", "late")]


def test_the_ended_are_not_listed_as_late(books: Books) -> None:
    books.use(books.enrol())
    books.now = books.certificate(1).not_after
    books.do(ending.decommission, books.one.id, "sold", BY)
    with books.engine.connect() as conn:
        assert standing.late(conn, books.now) == []


def test_the_warden_says_how_it_is(books: Books) -> None:
    with writing(books.engine) as conn:
        assert spoken(conn) is None
        names = [column.name for column in warden.c if column.name != "lists_why"]
        conn.execute(insert(warden).values(dict.fromkeys(names, 1) | {"lists_why": "late"}))
        found = spoken(conn)
    assert found is not None
    assert (found.heard_at, found.lists_ok, found.lists_why) == (1, 1, "late")


def test_words_nobody_knows_are_refused(books: Books) -> None:
    with pytest.raises(BadQuestion):
        IdentityQuery(states=("gone",))
    with books.engine.connect() as conn, pytest.raises(NoSuchKiosk):
        standing.show(conn, "nobody", books.now)
