"""A key of our own: what it signs others verify, and only its own certificate is accepted."""

import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from agent.identity.keys import BadGrant, KeyFile, check, make, verify
from tests.agent.identity.played_door import KIOSK, PlayedDoor

MADE = make()


def public() -> ec.EllipticCurvePublicKey:
    key = x509.load_pem_x509_csr(MADE.csr).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


@given(st.binary(max_size=300))
def test_a_signature_is_r_and_s_of_our_key(text: bytes) -> None:
    signature = KeyFile(MADE.key).sign(text)
    assert len(signature) == 64
    r, s = (int.from_bytes(signature[at : at + 32], "big") for at in (0, 32))
    public().verify(encode_dss_signature(r, s), text, ec.ECDSA(hashes.SHA256()))


def test_a_request_is_of_our_key_and_asks_for_no_name() -> None:
    asked = x509.load_pem_x509_csr(MADE.csr)
    assert asked.is_signature_valid
    assert list(asked.subject) == []
    assert isinstance(public().curve, ec.SECP256R1)


def test_every_key_is_another() -> None:
    assert make().key != make().key


def test_a_key_of_another_kind_is_refused() -> None:
    other = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(ValueError, match="not an EC key"):
        KeyFile(other)


def test_a_certificate_for_our_key_says_who_we_are(played: PlayedDoor) -> None:
    issued = played._sign(MADE.csr.decode())
    found = check(issued.pem, MADE)
    assert (found.kiosk, found.serial) == (KIOSK, issued.serial)
    assert (found.not_before, found.not_after) == (issued.not_before, issued.not_after)


def test_a_certificate_for_another_key_is_refused(played: PlayedDoor) -> None:
    with pytest.raises(BadGrant, match="another key"):
        check(played._sign(make().csr.decode()).pem, MADE)


def test_a_certificate_of_an_unknown_version_is_none(played: PlayedDoor) -> None:
    der = bytearray(ssl.PEM_cert_to_DER_cert(played._sign(MADE.csr.decode()).pem))
    der[der.index(b"\xa0\x03\x02\x01\x02") + 4] = 9
    with pytest.raises(BadGrant, match="no certificate"):
        check(ssl.DER_cert_to_PEM_cert(bytes(der)), MADE)


@pytest.mark.parametrize("name", ["#", "a/b", "A", "x" * 33, "_office"])
def test_a_certificate_that_names_no_kiosk_is_refused(played: PlayedDoor, name: str) -> None:
    played.name = name
    with pytest.raises(BadGrant, match="names no kiosk"):
        check(played._sign(MADE.csr.decode()).pem, MADE)


@pytest.mark.parametrize("text", ["", "x", "-----BEGIN CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused(text: str) -> None:
    with pytest.raises(BadGrant, match="no certificate"):
        check(text, MADE)


def test_a_signature_counts_for_its_key_and_its_message_alone() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"text")
    assert verify(public, signature, b"text")
    assert not verify(public, signature, b"other")
    assert not verify(bytes(32), signature, b"text")
    assert not verify(b"short", signature, b"text")
