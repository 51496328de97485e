"""The registrar's keys, as they lie in its folder: read, their modes checked; never written here.

    keys.json       wire/submission.py Keys: what kiosks get with the content, signed by people
    seal/ID.pem     X25519: opens what was sealed to ID; gone once it was destroyed
    ack/ID.pem      Ed25519: signs acknowledgements: the first of keys.json; others are known ahead
    tail.key        32 bytes that only this folder has: by them last four digits are recognised
    tries, looks    the registrar itself writes these and `complaints`, and nothing else: what it
                    counts, beyond a restart: controller/registrar/tries.py and brake.py
    back/           where the registrar may send what was accepted: controller/back/target.py

`anjungan registrar keys` and `ack-keys` (provisioning/) make, change and destroy them.
"""

import hashlib
import hmac
import os
import stat
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from wire.errors import MalformedMessage
from wire.submission import Ack, Keys, SealKey, Signed, ack_to_sign, canonical, key_id, read_keys

PUBLIC: Final = "keys.json"
SEAL: Final = "seal"
ACK: Final = "ack"
TAIL: Final = "tail.key"
SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_OTHERS: Final = 0o077
_MOST: Final = 64 * 1024


class BadKeys(Exception):  # noqa: N818 - says what is so
    """The folder cannot be worked with. The message says who must act."""


class CannotUnseal(Exception):  # noqa: N818 - says what happened
    """`key`: we do not have it (or not any more); else what was sealed is not what was sent."""

    def __init__(self, *, key: bool) -> None:
        self.key = key
        super().__init__("no such key" if key else "it does not open")


class KeyRing(NamedTuple):
    """What the folder holds. `seals` by name; `signs` names the key in `ack`."""

    public: Keys
    seals: dict[str, X25519PrivateKey]
    ack: Ed25519PrivateKey
    signs: str
    tail: bytes

    def unseal(self, key: str, sealed: bytes, info: bytes) -> bytes:
        """Raises CannotUnseal."""
        private = self.seals.get(key)
        if private is None:
            raise CannotUnseal(key=True)
        try:
            return SUITE.decrypt(sealed, private, info=info)
        except (InvalidTag, ValueError):
            raise CannotUnseal(key=False) from None

    def acks(self) -> dict[str, str]:
        """Keys that kiosks believe an acknowledgement by, the public halves in base64."""
        return {one.id: one.public for one in self.public.ack}

    def newest(self, now: int) -> SealKey:
        """The one whose time has come last: who seals now seals to it."""
        ready = [one for one in self.public.seal if one.since <= now] or [*self.public.seal]
        return max(ready, key=lambda one: one.since)

    def seal(self, plain: bytes, info: bytes, now: int) -> tuple[bytes, str]:
        """Sealed to the newest key, and its name."""
        newest = self.newest(now)
        public = X25519PublicKey.from_public_bytes(b64decode(newest.public))
        return SUITE.encrypt(plain, public, info=info), newest.id

    def sign(self, ack: Ack) -> Signed:
        text = canonical(ack).decode()
        signature = b64encode(self.ack.sign(ack_to_sign(text))).decode()
        return Signed(text=text, key=self.signs, signature=signature)

    def tail_of(self, kiosk: str, number: str, sha256: str, tail: str) -> str:
        """What is stored of four digits: without this folder nobody finds them by trying all.

        Bound to the very bytes they came in (`sha256` of the record): who forges other records
        under the same number, each with another four digits, learns nothing from what is stored.
        """
        said = f"{kiosk}\0{number}\0{sha256}\0{tail}".encode()
        return hmac.new(self.tail, said, hashlib.sha256).hexdigest()


def load(folder: Path) -> KeyRing:
    """Raises BadKeys, OSError."""
    public = _public(folder / PUBLIC)
    seals = {}
    for path in sorted((folder / SEAL).glob("*.pem")):
        private = _private(path)
        if not isinstance(private, X25519PrivateKey):
            raise BadKeys(f"{path} is a key for something else: restore a backup")
        seals[_named(path, private)] = private
    signs = public.ack[0].id
    ack = _private(folder / ACK / f"{signs}.pem")
    if not isinstance(ack, Ed25519PrivateKey):
        raise BadKeys(f"{folder / ACK}: the key {signs} is for something else: restore a backup")
    _named(folder / ACK / f"{signs}.pem", ack)
    tail = secret(folder / TAIL)
    if len(tail) != 32:
        raise BadKeys(f"{folder / TAIL} is broken: restore a backup")
    return KeyRing(public, seals, ack, signs, tail)


def secret(path: Path) -> bytes:
    """A file nobody else may read. Raises BadKeys, OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode) or stat.S_IMODE(told.st_mode) & _OTHERS:
            raise BadKeys(f"{path} is open to others: find out who read it, then chmod 600")
        return os.read(handle, _MOST)
    finally:
        os.close(handle)


def raw_public(private: X25519PrivateKey | Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _public(path: Path) -> Keys:
    try:
        found = read_keys(path.read_bytes())
    except MalformedMessage as error:
        raise BadKeys(f"{path} is broken: restore a backup ({error})") from None
    if not found.seal or not found.ack:
        raise BadKeys(f"{path} names no key to seal to, or none that acknowledges")
    return found


def _private(path: Path) -> object:
    try:
        return load_pem_private_key(secret(path), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKeys(f"{path} is broken: restore a backup") from None


def _named(path: Path, private: X25519PrivateKey | Ed25519PrivateKey) -> str:
    name = key_id(raw_public(private))
    if path.stem != name:
        raise BadKeys(f"{path} holds the key {name}: somebody renamed it")
    return name
