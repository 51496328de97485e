"""Private keys as files: made, written with or without a passphrase, and read back.

Every refusal says which key and who must act, never what the passphrase was.
"""

from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from provisioning.authority.files import secret

Key = EllipticCurvePrivateKey | Ed25519PrivateKey
_SEALED: Final = b"ENCRYPTED PRIVATE KEY"


class KeyRefused(Exception):  # noqa: N818 - says what happened
    """A key that cannot be used as it is. The message says who must act."""


def new_key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def to_pem(key: Key, passphrase: bytes | None = None) -> bytes:
    """PKCS8, encrypted when a passphrase is given."""
    how = NoEncryption() if passphrase is None else BestAvailableEncryption(passphrase)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def from_pem(pem: bytes, where: str, passphrase: bytes | None = None) -> Key:
    """Raises KeyRefused.

    A passphrase for a key that has none is refused too: somebody believes it is protected.
    """
    if passphrase is None and _SEALED in pem:
        raise KeyRefused(f"{where} has a passphrase: give it, or the file it is in")
    if passphrase is not None and _SEALED not in pem:
        raise KeyRefused(f"{where} has no passphrase yet: run `anjungan authority protect` once")
    try:
        key = load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        what = "broken" if passphrase is None else "broken, or this is not its passphrase"
        raise KeyRefused(f"{where} is {what}: try again, or restore a backup") from error
    if isinstance(key, Ed25519PrivateKey) or _is_p256(key):
        return key  # type: ignore[return-value]  # narrowed by the line above
    raise KeyRefused(f"{where} is no key of this house: restore a backup")


def read(path: Path, passphrase: bytes | None = None, strangers: int = 0o077) -> Key:
    """Refuses a key that `strangers` (mode bits) can read. Raises KeyRefused, Unsafe, OSError."""
    return from_pem(secret(path, strangers), str(path), passphrase)


def read_p256(
    path: Path, passphrase: bytes | None = None, strangers: int = 0o077
) -> EllipticCurvePrivateKey:
    key = read(path, passphrase, strangers)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise KeyRefused(f"{path} is a key for something else: restore a backup")
    return key


def _is_p256(key: object) -> bool:
    return isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)
