"""Keys as files, with and without a passphrase."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from provisioning.authority.files import Unsafe, put
from provisioning.authority.keys import KeyRefused, from_pem, new_key, read, read_p256, to_pem

WORD = b"sebuah kata sandi panjang"


def test_a_key_without_passphrase_comes_back() -> None:
    key = new_key()
    assert from_pem(to_pem(key), "k").public_key() == key.public_key()


def test_a_key_with_passphrase_is_encrypted_and_comes_back() -> None:
    key = new_key()
    pem = to_pem(key, WORD)
    assert b"ENCRYPTED" in pem
    assert from_pem(pem, "k", WORD).public_key() == key.public_key()


def test_a_missing_passphrase_is_a_clear_error() -> None:
    with pytest.raises(KeyRefused, match="the key has a passphrase"):
        from_pem(to_pem(new_key(), WORD), "the key")


def test_a_wrong_passphrase_is_a_clear_error_that_does_not_repeat_it() -> None:
    with pytest.raises(KeyRefused, match="not its passphrase") as refused:
        from_pem(to_pem(new_key(), WORD), "the key", b"another one altogether")
    assert "another one" not in str(refused.value)


def test_who_gives_a_passphrase_for_an_open_key_learns_that_it_is_open() -> None:
    with pytest.raises(KeyRefused, match="authority protect"):
        from_pem(to_pem(new_key()), "the key", WORD)


@pytest.mark.parametrize(
    "stranger",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ec.generate_private_key(ec.SECP384R1()),
    ],
)
def test_a_key_of_another_kind_is_refused(stranger: ec.EllipticCurvePrivateKey) -> None:
    pem = stranger.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(KeyRefused, match="no key of this house"):
        from_pem(pem, "the key")


@pytest.mark.parametrize("broken", [b"", b"garbage", to_pem(new_key())[:60]])
def test_a_broken_key_is_refused(broken: bytes) -> None:
    with pytest.raises(KeyRefused, match="broken"):
        from_pem(broken, "the key")


def test_a_key_file_others_can_read_is_refused_at_every_load(tmp_path: Path) -> None:
    put(tmp_path / "key.pem", to_pem(new_key()), 0o600)
    read(tmp_path / "key.pem")
    (tmp_path / "key.pem").chmod(0o644)
    with pytest.raises(Unsafe):
        read(tmp_path / "key.pem")


def test_a_key_for_signing_marks_is_no_key_for_certificates(tmp_path: Path) -> None:
    put(tmp_path / "key.pem", to_pem(Ed25519PrivateKey.generate()), 0o600)
    with pytest.raises(KeyRefused, match="something else"):
        read_p256(tmp_path / "key.pem")
