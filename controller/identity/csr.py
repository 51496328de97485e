"""A certificate request as it arrives: read, weighed, reduced to what is kept of it.

Pure. Whatever else a request asks for (another name, to be an authority) is not even looked at:
the warden writes the certificate by the office's own books. A request must prove that its sender
has the key: parsing alone does not check that.
"""

import hashlib
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

MOST_BYTES: Final = 4096  # DER; ours have 250


class BadRequest(ValueError):  # noqa: N818 - says what happened
    """The kiosk must make another request."""


class Request(NamedTuple):
    """`key_sha256` is of the public key as DER SubjectPublicKeyInfo."""

    der: bytes
    csr_sha256: str
    key_sha256: str


def read(pem: str) -> Request:
    """Raises BadRequest, which says what is wrong with it."""
    try:
        csr = x509.load_pem_x509_csr(pem.encode("ascii"))
        key, valid, made_with = (
            csr.public_key(),
            csr.is_signature_valid,
            csr.signature_hash_algorithm,
        )
        der = csr.public_bytes(serialization.Encoding.DER)
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise BadRequest("not a certificate request in PEM with a key of P-256") from None
    if len(der) > MOST_BYTES:
        raise BadRequest(f"a certificate request has at most {MOST_BYTES} bytes")
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadRequest("the key must be of the curve P-256")
    if not isinstance(made_with, hashes.SHA256):
        raise BadRequest("the request must be signed with SHA-256")
    if not valid:
        raise BadRequest("the request is not signed by its own key")
    return Request(der, hashlib.sha256(der).hexdigest(), key_fingerprint(key))


def key_fingerprint(key: ec.EllipticCurvePublicKey) -> str:
    """SHA-256 of the public key in DER, in hex: what a technician compares on both screens."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(key.public_bytes(serialization.Encoding.DER, form)).hexdigest()


def fingerprint(key_sha256: str) -> str:
    """As people read it to each other: the first 16 hex digits in groups of four."""
    return " ".join(key_sha256[at : at + 4] for at in range(0, 16, 4))
