"""A kiosk's own key: made here, never sent. EC P-256, as everywhere in the house.

Owns all use of cryptography on a kiosk. Only short-lived processes import it: the resident agent
would pay ten megabytes for what it needs twice a year.
"""

from typing import Final, NamedTuple, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from agent.identity.slots import Pending
from wire.topics import is_kiosk_name

_HALF: Final = 32


class BadGrant(ValueError):  # noqa: N818 - says what happened
    """The office granted something that is not ours. The office must act."""


class Signer(Protocol):
    """What signs for a kiosk: a key in a file today, one that cannot leave its chip tomorrow."""

    def sign(self, text: bytes) -> bytes:
        """64 bytes, r then s, over the SHA-256 of the text."""
        ...


class KeyFile:
    """A key kept in PEM. Raises ValueError when it is none."""

    def __init__(self, pem: bytes) -> None:
        key = serialization.load_pem_private_key(pem, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("not an EC key")  # noqa: TRY004 - what is in the file is wrong
        self._key = key

    def sign(self, text: bytes) -> bytes:
        r, s = decode_dss_signature(self._key.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


class Certificate(NamedTuple):
    """Milliseconds since 1970. `serial` in lower-case hex."""

    kiosk: str
    serial: str
    not_before: int
    not_after: int


def make() -> Pending:
    """A new key and its request. The office names us: what a request says of itself is ignored."""
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder(x509.Name([])).sign(key, hashes.SHA256())
    return Pending(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        request.public_bytes(serialization.Encoding.PEM),
    )


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this Ed25519 key signed this message: the Verify of wire/policy.py."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def check(certificate: str, pending: Pending) -> Certificate:
    """What the certificate says. Raises BadGrant unless it is for the key of this request."""
    try:
        read = x509.load_pem_x509_certificate(certificate.encode())
        asked = x509.load_pem_x509_csr(pending.csr)
    except (ValueError, x509.InvalidVersion) as error:
        raise BadGrant(f"the office's answer is no certificate: {error}") from error
    if read.public_key() != asked.public_key():
        raise BadGrant("the office certified another key than ours")
    names = [str(one.value) for one in read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if len(names) != 1 or not is_kiosk_name(names[0]):
        raise BadGrant(f"the office's certificate names no kiosk: {names}")
    return Certificate(
        names[0],
        f"{read.serial_number:x}",
        int(read.not_valid_before_utc.timestamp() * 1000),
        int(read.not_valid_after_utc.timestamp() * 1000),
    )
