"""Ends in the books, and ends that the books forgot."""

from pathlib import Path

import pytest

from controller.store.engine import writing
from provisioning.authority.ended import Ended
from provisioning.warden import books
from provisioning.warden.ledger import Ledger
from provisioning.warden.signing import Signer
from tests.support.authority import NOW, authorities
from tests.support.warden import Books


@pytest.fixture
def mine(database: str, tmp_path: Path) -> Books:
    found = Books(database)
    found.register("k-001", "k-002")
    asked = [found.enrol(name) for name in ("k-001", "k-002")]
    Signer(
        found.engine, authorities(tmp_path / "a").device, Ledger(tmp_path / "signed"), lambda: NOW
    ).step()
    for one in asked:
        found.use(one)
    return found


def serial(mine: Books, which: int) -> int:
    return int(mine.certificate(which).serial, 16)


def end_again(mine: Books, listed: dict[int, Ended]) -> list[str]:
    with mine.engine.connect() as conn:
        back = books.revived(conn, listed)
    for one in back:
        with writing(mine.engine) as conn:
            books.end_again(conn, one, NOW)
    return [one.kiosk for one in back]


def test_what_the_list_says_ended_is_ended_in_the_books_too(mine: Books) -> None:
    revoked = Ended(serial(mine, 1), NOW, "revoked")
    assert end_again(mine, {revoked.serial: revoked}) == ["k-001"]
    row = mine.certificate(1)
    assert (row.state, mine.identity("k-001").state) == ("revoked", "revoked")
    assert "the database is older" in row.ended_why
    assert mine.identity("k-002").state == "active"
    assert mine.log("identity.revoke") == 1
    assert end_again(mine, {revoked.serial: revoked}) == []


def test_a_certificate_that_was_only_replaced_does_not_end_its_kiosk(mine: Books) -> None:
    replaced = Ended(serial(mine, 1), NOW, "superseded")
    assert end_again(mine, {replaced.serial: replaced}) == ["k-001"]
    assert mine.certificate(1).state == "superseded"
    assert mine.identity("k-001").state == "active"


def test_proofs_are_written_once_and_only_of_what_ended(mine: Books) -> None:
    mine.end("k-001")
    ids = {mine.id_of(name) for name in ("k-001", "k-002")}
    for at in (NOW + 1, NOW + 2):
        with writing(mine.engine) as conn:
            books.proven(conn, {1}, ids, at)
    assert mine.certificate(1).listed_at == NOW + 1
    assert mine.identity("k-001").shut_at == NOW + 1
    assert mine.identity("k-002").shut_at is None


def test_ended_certificates_are_found_until_they_are_listed(mine: Books) -> None:
    mine.end("k-001")
    with writing(mine.engine) as conn:
        found = books.unlisted(conn)
        assert [(one.kiosk, one.ended) for one in found] == [
            ("k-001", Ended(serial(mine, 1), NOW, "revoked"))
        ]
        assert books.unlisted(conn, ("superseded",)) == []
        assert books.not_yet_shut(conn) == {"k-001"}
        books.proven(conn, {1}, {mine.id_of("k-001")}, NOW)
        assert books.unlisted(conn) == []
        assert books.not_yet_shut(conn) == set()
        assert books.all_ended(conn, NOW - 1) == found
        assert books.all_ended(conn, NOW) == []
