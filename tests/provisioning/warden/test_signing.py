"""Requests become certificates, once, for whom the books say, or are refused with the reason."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from sqlalchemy import update

from controller.store.engine import writing
from controller.store.tables import kiosk
from provisioning.authority.certificates import DAY_MS
from provisioning.authority.pair import Pair
from provisioning.warden.ledger import Ledger
from provisioning.warden.signing import AT_ONCE, Signer
from tests.support.authority import NOW, authorities, key, request
from tests.support.warden import Books


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return authorities(tmp_path / "authority")


@pytest.fixture
def books(database: str) -> Books:
    found = Books(database)
    found.register("k-001", "k-002")
    return found


@pytest.fixture
def signer(books: Books, pair: Pair, tmp_path: Path) -> Signer:
    return Signer(books.engine, pair.device, Ledger(tmp_path / "signed"), lambda: NOW)


def test_a_request_becomes_a_certificate_in_the_kiosks_name(
    books: Books, signer: Signer, pair: Pair
) -> None:
    mine = key()
    asked = books.enrol("k-001", mine)
    assert signer.step() == 1
    row = books.certificate(asked)
    paper = x509.load_pem_x509_certificate(row.pem.encode())
    paper.verify_directly_issued_by(pair.device.certificate)
    assert paper.public_key() == mine.public_key()
    assert paper.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "k-001"
    assert (row.state, row.serial) == ("issued", f"{paper.serial_number:x}")
    assert (row.issued_at, row.not_after - NOW) == (NOW, 90 * DAY_MS)
    assert books.log("certificate.issue") == 1
    assert signer.step() == 0


def test_many_are_signed_in_batches(books: Books, signer: Signer) -> None:
    names = [f"m-{number:03}" for number in range(AT_ONCE + 5)]
    books.register(*names)
    books.enrol_all(names)
    assert [signer.step() for _ in range(3)] == [AT_ONCE, 5, 0]
    assert books.states() == {"issued": AT_ONCE + 5}


def test_row_41_a_broken_request_that_got_into_the_books_is_refused(
    books: Books, signer: Signer
) -> None:
    asked, good = books.enrol("k-001"), books.enrol("k-002")
    csr = books.certificate(asked).csr
    books.change(asked, csr=csr[:-1] + bytes([csr[-1] ^ 1]))
    assert signer.step() == 2
    row = books.certificate(asked)
    assert (row.state, row.pem, row.serial) == ("refused", None, None)
    assert "not signed by its own key" in row.ended_why
    assert books.certificate(good).state == "issued"
    assert books.log("certificate.refuse") == 1


def test_row_41_a_request_swapped_behind_the_door_is_refused(books: Books, signer: Signer) -> None:
    asked = books.enrol("k-001")
    books.change(asked, csr=request())
    signer.step()
    assert "another key" in books.certificate(asked).ended_why


@pytest.mark.parametrize("name", ["#", "+", "k/1", "_office", "K-1"])
def test_row_35_a_name_that_got_into_the_books_is_not_signed(
    books: Books, signer: Signer, name: str
) -> None:
    asked = books.enrol("k-001")
    with writing(books.engine) as conn:
        conn.execute(update(kiosk).where(kiosk.c.name == "k-001").values(name=name))
    signer.step()
    row = books.certificate(asked)
    assert (row.state, row.pem) == ("refused", None)
    assert "no kiosk's name" in row.ended_why


def test_a_kiosk_that_ended_meanwhile_gets_nothing(books: Books, signer: Signer) -> None:
    asked = books.enrol("k-001")
    books.end("k-001")
    assert books.certificate(asked).state == "refused"
    books.change(asked, state="requested")  # as if it had slipped through
    signer.step()
    assert books.certificate(asked).ended_why == "the kiosk is revoked"


def test_a_key_of_another_kiosk_is_refused(books: Books, signer: Signer) -> None:
    first, second = books.enrol("k-001"), books.enrol("k-002")
    row = books.certificate(first)
    books.change(second, csr=row.csr, csr_sha256=row.csr_sha256, key_sha256=row.key_sha256)
    assert signer.step() == 2
    assert books.certificate(first).state == "issued"
    assert books.certificate(second).ended_why == "the key belongs to another kiosk"


def test_a_key_that_ended_does_not_come_back(books: Books, signer: Signer) -> None:
    first = books.enrol("k-001")
    signer.step()
    books.end("k-001")
    again = books.enrol("k-001")
    row = books.certificate(first)
    books.change(again, csr=row.csr, csr_sha256=row.csr_sha256, key_sha256=row.key_sha256)
    signer.step()
    assert books.certificate(again).ended_why == "the key was revoked before"
