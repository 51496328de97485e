"""What is no good certificate request is refused, whatever it is; what it wishes is ignored."""

from base64 import b64encode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.identity.csr import BadRequest, fingerprint, key_fingerprint, read

NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "_office")])
PEM = serialization.Encoding.PEM


def made(key: object, digest: object, *, authority: bool = False) -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(NAME)
    if authority:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    return builder.sign(key, digest).public_bytes(PEM).decode()  # type: ignore[arg-type]


def test_a_request_is_reduced_to_its_key_and_its_bytes() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    text = made(key, hashes.SHA256())
    one, again = read(text), read(text.replace("\n", "\r\n"))
    assert one == again
    assert one.key_sha256 == key_fingerprint(key.public_key())
    assert fingerprint(one.key_sha256) == " ".join(
        one.key_sha256[at : at + 4] for at in (0, 4, 8, 12)
    )


def test_row_41_a_request_to_be_an_authority_is_read_for_its_key_alone() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert read(made(key, hashes.SHA256(), authority=True)).key_sha256 == key_fingerprint(
        key.public_key()
    )


@pytest.mark.parametrize("kind", ["rsa", "p384", "p224", "ed25519", "sha1", "sha512"])
def test_row_41_weak_and_other_keys_are_refused(kind: str) -> None:
    p256 = ec.generate_private_key(ec.SECP256R1())
    key, digest = {
        "rsa": (rsa.generate_private_key(65537, 1024), hashes.SHA256()),
        "p384": (ec.generate_private_key(ec.SECP384R1()), hashes.SHA256()),
        "p224": (ec.generate_private_key(ec.SECP224R1()), hashes.SHA256()),
        "ed25519": (ed25519.Ed25519PrivateKey.generate(), None),
        "sha1": (p256, hashes.SHA224()),
        "sha512": (p256, hashes.SHA512()),
    }[kind]
    with pytest.raises(BadRequest):
        read(made(key, digest))


def test_row_41_a_request_that_is_not_signed_by_its_key_is_refused() -> None:
    text = made(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    der = bytearray(x509.load_pem_x509_csr(text.encode()).public_bytes(serialization.Encoding.DER))
    der[-1] ^= 1
    broken = x509.load_der_x509_csr(bytes(der)).public_bytes(PEM).decode()
    with pytest.raises(BadRequest, match="its own key"):
        read(broken)


def test_a_request_of_many_kilobytes_is_refused() -> None:
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "x" * 60)] * 80)
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    key = ec.generate_private_key(ec.SECP256R1())
    text = builder.sign(key, hashes.SHA256()).public_bytes(PEM).decode()
    with pytest.raises(BadRequest, match="4096"):
        read(text)


FRAME = "-----BEGIN CERTIFICATE REQUEST-----\n{}\n-----END CERTIFICATE REQUEST-----\n"


@settings(max_examples=200, deadline=None)
@given(st.text() | st.text(alphabet="MIBAaz09+/=\n").map(FRAME.format))
def test_whatever_the_text_only_a_refusal_comes_out(text: str) -> None:
    with pytest.raises(BadRequest):
        read(text)


def test_row_41_a_request_of_an_unknown_version_is_refused() -> None:
    text = made(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    der = x509.load_pem_x509_csr(text.encode()).public_bytes(serialization.Encoding.DER)
    other = der.replace(b"\x02\x01\x00", b"\x02\x01\x01", 1)
    body = "\n".join(["-----BEGIN CERTIFICATE REQUEST-----", b64encode(other).decode()])
    with pytest.raises(BadRequest):
        read(f"{body}\n-----END CERTIFICATE REQUEST-----\n")
