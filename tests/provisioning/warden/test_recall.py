"""A restored database knows again what was signed since, and nothing that ended."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from controller.store.engine import writing
from provisioning.authority.certificates import DAY_MS
from provisioning.warden.ledger import Ledger, Line
from provisioning.warden.recall import forgotten, recall
from provisioning.warden.signing import Signer
from tests.support.authority import NOW, authorities
from tests.support.warden import Books

SINCE = Line("k-001", "renew", "a1", "c" * 64, "d" * 64, NOW, NOW + 90 * DAY_MS, NOW)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "signed.jsonl")


@pytest.fixture
def books(database: str, tmp_path: Path, ledger: Ledger) -> Books:
    """k-001 is enrolled, k-002 only registered."""
    found = Books(database)
    found.register("k-001", "k-002")
    found.enrol("k-001")
    Signer(found.engine, authorities(tmp_path / "a").device, ledger, lambda: NOW).step()
    found.use(1)
    return found


def lost(books: Books, *lines: Line, ended: frozenset[int] = frozenset()) -> list[Line]:
    with books.engine.connect() as conn:
        return forgotten(conn, lines, ended)


def taken_back(books: Books, line: Line) -> bool:
    with writing(books.engine) as conn:
        return recall(conn, line, NOW)


def test_what_is_in_the_books_is_not_forgotten(books: Books, ledger: Ledger) -> None:
    assert lost(books, *ledger.lines()) == []


def test_a_renewal_since_the_backup_counts_again(books: Books) -> None:
    assert lost(books, SINCE) == [SINCE]
    assert taken_back(books, SINCE)
    assert lost(books, SINCE) == []
    row = books.certificate(2)
    assert (row.state, row.serial, row.key_sha256) == ("issued", "a1", "d" * 64)
    assert row.not_after == SINCE.not_after
    books.use(2)
    assert books.states() == {"current": 1, "superseded": 1}
    assert books.log("certificate.recall") == 1


@pytest.mark.parametrize("invited", [True, False])
def test_an_enrolment_since_the_backup_counts_again_and_its_token_does_not(
    books: Books, *, invited: bool
) -> None:
    if invited:
        books.invite("k-002")
    line = replace(SINCE, kiosk="k-002", via="enrol")
    assert lost(books, line) == [line]
    assert taken_back(books, line)
    assert books.identity("k-002").state == "active"
    assert books.open_invitations() == 0


def test_what_the_list_says_ended_is_not_brought_back(books: Books) -> None:
    assert lost(books, SINCE, ended=frozenset({0xA1})) == []


def test_a_key_the_books_know_waits_for_its_signature_and_is_not_lost(
    books: Books, ledger: Ledger
) -> None:
    (known,) = ledger.lines()
    assert lost(books, replace(known, serial="a1")) == []


def test_a_kiosk_nobody_registered_is_not_invented(books: Books) -> None:
    assert lost(books, replace(SINCE, kiosk="k-999")) == []


@pytest.mark.parametrize("how", ["revoke", "quarantine", "decommission"])
def test_a_kiosk_that_was_ended_stays_ended(books: Books, how: str) -> None:
    books.end("k-001", how)
    assert not taken_back(books, SINCE)
    assert books.states() == {"revoked": 1}
