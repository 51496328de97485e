"""Ed25519 keys as files: roots, the office's own and people's; made, read, and put to signing.

A key lies in a file for its owner alone (0600), a root in a folder for its owner alone (0700). A
passphrase is asked for only where a key has one. Never prints a private key, never replaces one.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from provisioning.authority import keys
from provisioning.authority.files import check_folder, make_folder, put, secret
from provisioning.authority.keys import KeyRefused
from provisioning.authority.passphrase import OF_KEYS, passphrase
from wire.envelope import approval_message, key_id, policy_message, raw, text_of
from wire.errors import MalformedMessage
from wire.messages import RootSignature

OF_ROOTS: Final = "ANJUNGAN_ROOTS_PASSPHRASE"
_SEALED: Final = b"ENCRYPTED PRIVATE KEY"


def of_roots(env: Mapping[str, str]) -> bytes | None:
    """The roots' passphrase, else the authorities'; None: neither. Raises PassphraseRefused."""
    return passphrase(env, OF_ROOTS) or passphrase(env, OF_KEYS)


def make(path: Path, secret_word: bytes | None = None) -> Ed25519PrivateKey:
    """A new key in a new file. Raises KeyRefused where a file is, OSError."""
    if path.exists():
        raise KeyRefused(f"{path} is there already: a key is never replaced, name another file")
    make_folder(path.parent)
    key = Ed25519PrivateKey.generate()
    put(path, keys.to_pem(key, secret_word), 0o600)
    return key


def read(path: Path, secret_word: bytes | None = None) -> Ed25519PrivateKey:
    """Raises KeyRefused, Unsafe when others can read it, OSError."""
    pem = secret(path)
    key = keys.from_pem(pem, str(path), secret_word if _SEALED in pem else None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(f"{path} is a key for something else: name another file")
    return key


def read_or_make(path: Path) -> Ed25519PrivateKey:
    return read(path) if path.exists() else make(path)


def roots(folder: Path, secret_word: bytes | None) -> list[Ed25519PrivateKey]:
    """Those in this folder, in one order. Raises as `read`."""
    if not folder.is_dir():
        return []
    check_folder(folder)
    return [read(path, secret_word) for path in sorted(folder.glob("root-*.pem"))]


def make_roots(folder: Path, count: int, secret_word: bytes | None) -> list[Ed25519PrivateKey]:
    """So many, the ones that are there among them. Raises KeyRefused for more, and as `read`."""
    make_folder(folder)
    found = roots(folder, secret_word)
    if len(found) > count:
        raise KeyRefused(f"{folder} holds {len(found)} roots, not {count}: name another folder")
    taken = {path.name for path in folder.glob("root-*.pem")}
    free = (f"root-{number}.pem" for number in range(1, 2 * count + 1))
    names = [name for name in free if name not in taken]
    made = [make(folder / name, secret_word) for name in names[: count - len(found)]]
    return [*found, *made]


def public(key: Ed25519PrivateKey) -> str:
    """As a policy names it."""
    return text_of(key.public_key().public_bytes_raw())


def id_of(public_text: str) -> str:
    """The name people read to each other. Raises ValueError for what is no public key."""
    try:
        found = raw(public_text)
    except MalformedMessage:
        found = b""
    if len(found) != 32 or text_of(found) != public_text:
        raise ValueError(f"{public_text[:60]!r} is no public key: 44 characters of base64")
    return key_id(found)


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """The Verify of wire/policy.py, on a machine that has no office."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign_policy(key: Ed25519PrivateKey, policy_text: str) -> RootSignature:
    signature = key.sign(policy_message(policy_text))
    return RootSignature(key=id_of(public(key)), signature=text_of(signature))


def sign_approval(key: Ed25519PrivateKey, order_text: str, at: int) -> str:
    """One person's word for an Order's text at office milliseconds `at`, in base64."""
    return text_of(key.sign(approval_message(order_text, at)))
