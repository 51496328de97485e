"""Authorities and requests for tests: real keys, real certificates, made in no time."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from provisioning.authority.pair import Pair, open_or_make

NOW = 1_800_000_000_000  # milliseconds; a whole second
DAY = 86_400_000

AnyKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def authorities(folder: Path, now: int = NOW) -> Pair:
    return open_or_make(folder, None, now)


def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def request(
    of: AnyKey | None = None,
    name: str = "whoever",
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    how: SHA256 | SHA512 | None = None,
) -> bytes:
    """A request in DER that asks for whatever you like."""
    signer = of or key()
    made = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    )
    for extension, critical in extensions:
        made = made.add_extension(extension, critical)
    hashed = None if isinstance(signer, ed25519.Ed25519PrivateKey) else how or SHA256()
    return made.sign(signer, hashed).public_bytes(Encoding.DER)
