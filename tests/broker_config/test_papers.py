"""Certificates that do not fit together never come into use."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broker_config.papers import BadPapers, mark, marks, read
from tests.support.pki import SERVER, Authority, Pki


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    return Pki(tmp_path / "authority")


def now() -> datetime:
    return datetime.now(UTC)


def test_whole_papers_are_read(pki: Pki) -> None:
    papers = read(pki.issued, now())
    assert papers.shown["broker.crt"] == (pki.issued / "broker.crt").read_bytes()
    assert papers.revoked == pki.probes["probe-revoked"].certificate.serial_number
    assert papers.allowed == pki.probes["probe-allowed"].certificate.serial_number
    assert timedelta(days=80) < papers.until - now() < timedelta(days=91)


@pytest.mark.parametrize("name", ["broker.key", "server-ca.pem", "office.crt", "probe-revoked.crt"])
def test_a_missing_or_broken_file_is_named(pki: Pki, name: str) -> None:
    (pki.issued / name).write_text("broken")
    with pytest.raises(BadPapers, match=name.rsplit(".", 1)[0]):
        read(pki.issued, now())
    (pki.issued / name).unlink()
    with pytest.raises(BadPapers, match=f"{name}.*administrator"):
        read(pki.issued, now())


def test_a_certificate_of_an_unknown_version_is_none(pki: Pki) -> None:
    path = pki.issued / "broker.crt"
    der = bytearray(ssl.PEM_cert_to_DER_cert(path.read_text()))
    der[der.index(b"\xa0\x03\x02\x01\x02") + 4] = 9
    path.write_text(ssl.DER_cert_to_PEM_cert(bytes(der)))
    with pytest.raises(BadPapers, match=r"broker\.crt is no certificate"):
        read(pki.issued, now())


@pytest.mark.parametrize("name", ["broker.key", "office.key"])
@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620])
def test_a_key_that_others_may_read_or_change_is_not_put_in_use(
    pki: Pki, name: str, mode: int
) -> None:
    (pki.issued / name).chmod(mode)
    with pytest.raises(BadPapers, match=f"{name} has mode {mode:o}.*administrator"):
        read(pki.issued, now())
    (pki.issued / name).chmod(0o640)
    read(pki.issued, now())


def test_half_of_a_new_pair_is_waited_for(pki: Pki) -> None:
    new = pki.server.issue("broker", usage=SERVER)
    (pki.issued / "broker.crt").write_bytes(new.pem)
    with pytest.raises(BadPapers, match="not done yet"):
        read(pki.issued, now())


def test_a_certificate_of_somebody_else_is_refused(pki: Pki) -> None:
    Authority("stranger").issue("broker", usage=SERVER).write(pki.issued, "broker")
    with pytest.raises(BadPapers, match="not issued"):
        read(pki.issued, now())


def test_one_that_ended_is_refused(pki: Pki) -> None:
    with pytest.raises(BadPapers, match="not valid today"):
        read(pki.issued, now() + timedelta(days=100))


def test_marks_change_with_a_file_and_only_then(pki: Pki) -> None:
    before = marks(pki.issued)
    assert marks(pki.issued) == before
    pki.renew_broker()
    assert marks(pki.issued) != before
    assert mark(pki.issued / "nothing") == (0, 0, 0)
