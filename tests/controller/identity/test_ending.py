"""An end takes everything with it, is written down with its reason, and has one way back."""

import pytest

from controller.identity import ending
from controller.store.engine import writing
from tests.support.identities import BY, PIN, Books, request
from wire.lifecycle import IllegalMove


def test_revoked_is_every_certificate_and_the_open_code(books: Books) -> None:
    old = books.enrol()
    books.use(old)
    new = books.signed(books.renew(old))
    waiting = books.renew(old)
    books.invite()
    assert books.do(ending.revoke, books.one.id, " stolen  from\tthe hall ", BY) is True
    assert books.certificates() == {old: "revoked", new: "revoked", 3: "refused"}
    assert waiting.certificate_id == 3  # type: ignore[union-attr]
    row = books.row()
    assert (row.state, row.why, row.shut_at) == ("revoked", "stolen from the hall", None)
    assert books.certificate(old).ended_why == "revoke: stolen from the hall"


def test_twice_is_no_harm_and_said(books: Books) -> None:
    books.enrol()
    assert books.do(ending.revoke, books.one.id, "stolen", BY) is True
    books.shut()
    told = books.told()
    assert books.do(ending.revoke, books.one.id, "again", BY) is False
    assert books.told() == told
    assert books.row().shut_at == books.now


def test_another_kiosk_is_untouched(books: Books) -> None:
    other = books.enrol(books.two)
    books.enrol()
    books.do(ending.revoke, books.one.id, "stolen", BY)
    assert books.certificate(other).state == "issued"
    assert books.state(books.two) == "active"


def test_what_never_was_cannot_be_revoked(books: Books) -> None:
    with pytest.raises(IllegalMove):
        books.do(ending.revoke, books.one.id, "stolen", BY)


@pytest.mark.parametrize("why", ["", "  ", "x" * 201, "a\x00b", "\x1b[31m"])
def test_a_reason_is_short_printable_text(books: Books, why: str) -> None:
    books.enrol()
    with pytest.raises(ValueError, match="why"):
        books.do(ending.revoke, books.one.id, why, BY)
    assert books.state() == "active"


def test_row_42_a_quarantined_key_is_nobodys_any_more(books: Books) -> None:
    number = books.enrol()
    books.use(number)
    assert books.do(ending.quarantine, books.one.id, "two boots at once") is True
    assert books.state() == "quarantined"
    assert books.certificate(number).state == "revoked"
    assert books.told()[-1] == ("controller", "identity.quarantine", books.one.name)
    assert books.do(ending.quarantine, books.one.id, "again") is False


@pytest.mark.parametrize("before", ["registered", "pending", "revoked", "decommissioned"])
def test_quarantine_is_for_active_kiosks_and_never_an_error(books: Books, before: str) -> None:
    if before == "pending":
        books.invite()
    elif before != "registered":
        books.enrol()
        end = {"revoked": ending.revoke, "decommissioned": ending.decommission}[before]
        books.do(end, books.one.id, "gone", BY)
    assert books.do(ending.quarantine, books.one.id, "two boots") is False
    assert books.state() == before


def test_row_42_the_machine_that_is_ours_is_released_by_a_new_code(books: Books) -> None:
    old = books.enrol()
    books.do(ending.quarantine, books.one.id, "two boots")
    with writing(books.engine) as conn:
        made = ending.release(conn, books.one.id, PIN, BY, books.now)
    assert books.state() == "pending"
    new = books.signed(books.redeem(made, request()))
    books.use(new)
    assert books.state() == "active"
    assert books.certificates() == {old: "revoked", new: "current"}


def test_only_the_quarantined_are_released(books: Books) -> None:
    books.enrol()
    with writing(books.engine) as conn, pytest.raises(IllegalMove):
        ending.release(conn, books.one.id, PIN, BY, books.now)


def test_a_kiosk_that_is_invited_again_is_still_shut_until_it_enrols(books: Books) -> None:
    books.enrol()
    books.do(ending.revoke, books.one.id, "stolen", BY)
    books.shut()
    made = books.invite()
    assert (books.row().state, books.row().shut_at) == ("pending", books.now)
    books.redeem(made, request())
    assert (books.row().state, books.row().shut_at) == ("active", None)
