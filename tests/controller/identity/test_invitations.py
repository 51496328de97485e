"""Codes are issued once, replaced, withdrawn, and the office keeps nothing to steal of them."""

import pytest
from sqlalchemy import select

from controller.identity import ending, invitations
from controller.identity.redeem import Denied
from controller.identity.states import NoSuchKiosk
from controller.store.engine import writing
from controller.store.identity_tables import invitation
from tests.support.identities import BY, PIN, Books, request
from wire.invitation import parse
from wire.lifecycle import IllegalMove


def test_an_invitation_makes_a_registered_kiosk_pending(books: Books) -> None:
    made = books.invite()
    assert parse(made.code) == made
    assert made.pin == PIN
    assert books.state() == "pending"
    assert books.row().why == "invited by teknisi-pagi"


def test_of_a_token_only_its_hash_is_kept(books: Books) -> None:
    made = books.invite()
    with books.engine.connect() as conn:
        row = conn.execute(select(invitation)).one()
    assert row.token_sha256 == made.token_sha256
    assert row.issued_by == "teknisi-pagi"
    assert row.expires_at == books.now + 24 * 3600 * 1000
    for secret in (made.token.hex(), made.code, made.code.replace("-", "")):
        assert secret not in str(row)


def test_a_new_one_withdraws_the_open_one_of_that_kiosk_alone(books: Books) -> None:
    first, other = books.invite(), books.invite(books.two)
    books.now += 1
    second = books.invite()
    denied = books.redeem(first, request())
    assert isinstance(denied, Denied)
    assert denied.code == "token_withdrawn"
    books.signed(books.redeem(second, request()))
    books.signed(books.redeem(other, request()))


def test_withdrawn_is_withdrawn_and_twice_is_no_harm(books: Books) -> None:
    made = books.invite()
    assert books.do(invitations.withdraw, books.one.id, BY) is True
    assert books.do(invitations.withdraw, books.one.id, BY) is False
    assert isinstance(books.redeem(made, request()), Denied)


def test_a_decommissioned_name_is_never_invited_again(books: Books) -> None:
    books.do(ending.decommission, books.one.id, "sold", BY)
    with pytest.raises(IllegalMove):
        books.invite()


def test_many_are_invited_or_none(books: Books) -> None:
    names = [books.two.name, books.one.name]
    with writing(books.engine) as conn:
        made = invitations.issue_all(conn, names, PIN, BY, books.now)
    assert made.keys() == set(names)
    assert len({one.token for one in made.values()}) == 2
    before = books.told()
    with pytest.raises(NoSuchKiosk), writing(books.engine) as conn:
        invitations.issue_all(conn, [*names, "nobody"], PIN, BY, books.now)
    assert books.told() == before


def test_a_pin_of_another_length_is_refused(books: Books) -> None:
    with writing(books.engine) as conn, pytest.raises(ValueError, match="pin"):
        invitations.issue(conn, books.one.id, b"short", BY, books.now)


def test_lists_say_how_each_one_ended(books: Books) -> None:
    books.invite()
    books.now += 1
    used = books.invite()
    books.redeem(used, request())
    books.now += 1
    books.invite()
    later = books.now + invitations.LIFE_MS
    with books.engine.connect() as conn:
        rows = invitations.invitations_of(conn, books.one.id)
    assert [one.state(books.now) for one in rows] == ["open", "used", "withdrawn"]
    assert rows[0].state(later) == "expired"
    assert rows[1].used_from == "192.0.2.9"
