"""Row 41 of the attack table: requests that are broken, weak, or want too much."""

import os
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA512
from hypothesis import given
from hypothesis import strategies as st

from provisioning.authority.requests import MOST_BYTES, RequestRefused, read
from tests.support.authority import AnyKey, key, request

GOOD = request()


def test_a_sound_request_gives_its_public_key() -> None:
    mine = key()
    assert read(request(mine)).public == mine.public_key()


def test_a_stronger_hash_is_welcome() -> None:
    assert read(request(how=SHA512())).key_sha256


@pytest.mark.parametrize(
    "weak",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=1024),
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP256K1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["rsa1024", "rsa2048", "p384", "k1", "ed25519"],
)
def test_row_41_a_weak_or_foreign_key_is_refused(weak: AnyKey) -> None:
    with pytest.raises(RequestRefused, match="P-256"):
        read(request(weak))


def test_row_41_a_request_not_signed_by_its_key_is_refused() -> None:
    broken = GOOD[:-1] + bytes([GOOD[-1] ^ 1])
    assert x509.load_der_x509_csr(broken)  # it parses, and that says nothing
    with pytest.raises(RequestRefused, match="not signed by its own key"):
        read(broken)


def test_row_41_a_request_with_a_changed_name_is_refused() -> None:
    with pytest.raises(RequestRefused, match="not signed by its own key"):
        read(request(name="aaaa").replace(b"aaaa", b"aaab"))


@pytest.mark.parametrize("weak", ["-sha1", "-sha224"])
def test_row_41_a_weak_hash_is_refused(weak: str) -> None:
    argv = ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    rest = ["-nodes", "-keyout", os.devnull, "-subj", "/CN=x", "-outform", "DER", weak]
    asked = subprocess.run([*argv, *rest], check=True, capture_output=True).stdout
    with pytest.raises(RequestRefused):
        read(asked)


def test_an_endless_request_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(RequestRefused, match="larger"):
        read(GOOD + b"\0" * MOST_BYTES)


@given(st.binary(max_size=400))
def test_garbage_is_refused_and_nothing_else_happens(garbage: bytes) -> None:
    with pytest.raises(RequestRefused):
        read(garbage)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_row_41_a_changed_byte_anywhere_is_refused(place: int, change: int) -> None:
    broken = bytearray(GOOD)
    broken[place] ^= change
    with pytest.raises(RequestRefused):
        read(bytes(broken))
