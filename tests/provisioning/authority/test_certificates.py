"""What a certificate says, whoever asked for whatever."""

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from provisioning.authority.certificates import (
    DAY_MS,
    SERIAL_BITS,
    BadName,
    alternatives,
    for_authority,
    for_kiosk,
    for_office,
    for_server,
    ms,
    new_serial,
)
from provisioning.authority.pair import Pair
from provisioning.authority.requests import read
from tests.support.authority import NOW, authorities, key, request
from wire.topics import is_kiosk_name


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return authorities(tmp_path_factory.mktemp("authority"))


def common_name(paper: x509.Certificate) -> list[str]:
    return [str(one.value) for one in paper.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]


def test_a_kiosks_certificate_says_who_for_how_long_and_nothing_more(pair: Pair) -> None:
    mine = key().public_key()
    paper = for_kiosk(pair.device, "k-001", mine, NOW)
    paper.verify_directly_issued_by(pair.device.certificate)
    assert paper.subject.rfc4514_string() == "CN=k-001"
    assert paper.public_key() == mine
    assert ms(paper.not_valid_before_utc) == NOW - 5 * 60_000
    assert ms(paper.not_valid_after_utc) == NOW + 90 * DAY_MS
    extensions = paper.extensions
    assert extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign
    extended = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [*extended] == [ExtendedKeyUsageOID.CLIENT_AUTH]
    theirs = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    own = pair.device.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    assert theirs == own.value.digest


def test_row_41_what_a_request_asks_for_is_not_looked_at(pair: Pair) -> None:
    wishes: tuple[tuple[x509.ExtensionType, bool], ...] = (
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (x509.SubjectAlternativeName([x509.DNSName("controller")]), False),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    )
    asked = read(request(name="_office", extensions=wishes))
    paper = for_kiosk(pair.device, "k-001", asked.public, NOW)
    assert common_name(paper) == ["k-001"]
    assert paper.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    with pytest.raises(x509.ExtensionNotFound):
        paper.extensions.get_extension_for_class(x509.SubjectAlternativeName)


@pytest.mark.parametrize(
    "name", ["#", "+", "a/b", "k+1", "%u", "$SYS", "_office", "k\n1", "K-001", "kiosk é", "x" * 300]
)
def test_row_35_a_name_the_broker_could_misread_is_never_signed(pair: Pair, name: str) -> None:
    with pytest.raises(BadName):
        for_kiosk(pair.device, name, key().public_key(), NOW)


@given(st.text(max_size=40).filter(lambda name: not is_kiosk_name(name)))
def test_row_35_only_the_one_rule_for_names_decides(pair: Pair, name: str) -> None:
    with pytest.raises(BadName):
        for_kiosk(pair.device, name, pair.device.key.public_key(), NOW)


@pytest.mark.parametrize("name", ["office", "k-001", "", "_", "_Office", "_a/b"])
def test_a_part_of_the_office_is_never_named_like_a_kiosk(pair: Pair, name: str) -> None:
    with pytest.raises(BadName):
        for_office(pair.server, name, key().public_key(), NOW, 180)


def test_an_authority_may_sign_leaves_and_lists_only(pair: Pair) -> None:
    for one in pair:
        constraints = one.certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        assert constraints.critical
        assert constraints.value == x509.BasicConstraints(ca=True, path_length=0)
        usage = one.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        assert (usage.key_cert_sign, usage.crl_sign, usage.digital_signature) == (True, True, False)
        assert ms(one.certificate.not_valid_after_utc) - NOW >= 3650 * DAY_MS


def test_two_offices_are_told_apart_by_name_and_by_key() -> None:
    mine, theirs = (for_authority(key(), "device", NOW) for _ in range(2))
    assert mine.subject != theirs.subject


def test_nobody_outlives_his_authority(pair: Pair) -> None:
    end = ms(pair.device.certificate.not_valid_after_utc)
    paper = for_kiosk(pair.device, "k-001", key().public_key(), end - DAY_MS)
    assert ms(paper.not_valid_after_utc) == end


def test_a_servers_certificate_has_every_name(pair: Pair) -> None:
    paper = for_server(pair.server, ["kantor.example", "127.0.0.1"], key().public_key(), NOW)
    names = paper.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["kantor.example"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]


@pytest.mark.parametrize("name", ["*.example", "a/b", "", ".", "kantor é"])
def test_a_server_is_not_named_by_a_wildcard_or_nonsense(name: str) -> None:
    with pytest.raises(BadName):
        alternatives([name])


def test_serials_are_long_and_never_nought() -> None:
    drawn = {new_serial() for _ in range(200)}
    assert len(drawn) == 200
    assert all(0 < one < 2**SERIAL_BITS for one in drawn)
    assert max(drawn).bit_length() > 110


def test_openssl_finds_the_chain_good_and_the_other_authority_wrong(
    pair: Pair, tmp_path: Path
) -> None:
    for one in pair:
        (tmp_path / f"{one.name}.pem").write_bytes(one.pem)
    paper = for_kiosk(pair.device, "k-001", key().public_key(), NOW)
    (tmp_path / "kiosk.pem").write_bytes(paper.public_bytes(Encoding.PEM))

    def verified(by: str) -> bool:
        argv = ["openssl", "verify", "-x509_strict", "-purpose", "sslclient", "-no_check_time"]
        done = subprocess.run(
            [*argv, "-CAfile", f"{by}.pem", "kiosk.pem"], cwd=tmp_path, check=False
        )
        return done.returncode == 0

    assert verified("device")
    assert not verified("server")
