"""A kiosk's certificate request: what it proves, and that it proves nothing else.

Takes the public key and nothing more: the subject and the extensions of a request are wishes.
A request may parse and still not be signed by its key, so that is always asked.
"""

from hashlib import sha256
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MOST_BYTES: Final = 4096


class RequestRefused(Exception):  # noqa: N818 - says what happened
    """The kiosk must make a new request; `str()` is short and safe to show."""


class Asked(NamedTuple):
    """`key_sha256` is of the public key in DER, lower-case hex."""

    public: EllipticCurvePublicKey
    key_sha256: str


def read(der: bytes) -> Asked:
    """Raises RequestRefused."""
    if len(der) > MOST_BYTES:
        raise RequestRefused(f"the request is larger than {MOST_BYTES} bytes")
    try:
        return _read(x509.load_der_x509_csr(der))
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise RequestRefused("the request cannot be read") from error


def _read(request: x509.CertificateSigningRequest) -> Asked:
    public = request.public_key()
    if not isinstance(public, EllipticCurvePublicKey) or not isinstance(public.curve, SECP256R1):
        raise RequestRefused("only keys on the curve P-256 are signed")
    if not isinstance(request.signature_hash_algorithm, SHA256 | SHA384 | SHA512):
        raise RequestRefused("the request is signed with a weak hash")
    if not request.is_signature_valid:
        raise RequestRefused("the request is not signed by its own key")
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Asked(public, sha256(spki).hexdigest())
