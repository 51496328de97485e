r"""An authority as one sealed file, and back: the only copy of what every kiosk trusts.

scrypt makes a key of the passphrase, AES-256-GCM seals, and everything in front of the sealed part
is sealed with it: a flipped bit anywhere is noticed. Keys inside carry no second passphrase: a
backup must still open when the one of the office is lost.

    ANJUNGAN AUTHORITY BACKUP 1\n | log2 of scrypt's cost, 1 byte | salt, 16 | nonce, 12 | sealed
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC: Final = b"ANJUNGAN AUTHORITY BACKUP 1\n"
COST: Final = 17  # 128 MiB and half a second for each guess
_COSTS: Final = range(10, 21)  # beyond it a forged file would take all memory
_SALT, _NONCE = 16, 12
_HEAD: Final = len(MAGIC) + 1 + _SALT + _NONCE
MOST_BYTES: Final = 256 * 1024 * 1024


class BackupRefused(Exception):  # noqa: N818 - says what happened
    """The file is no backup, damaged, or sealed by another passphrase; says who must act."""


class Content(msgspec.Struct, frozen=True):
    """`files` by path within the authority's folder; `made_at` in milliseconds."""

    made_at: int
    files: Mapping[str, bytes]


def seal(content: Content, passphrase: bytes, cost: int = COST) -> bytes:
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    head = MAGIC + bytes([cost]) + salt + nonce
    plain = msgspec.json.encode(content)
    return head + AESGCM(_key(passphrase, salt, cost)).encrypt(nonce, plain, head)


def unseal(sealed: bytes, passphrase: bytes) -> Content:
    """Raises BackupRefused."""
    if not sealed.startswith(MAGIC):
        raise BackupRefused("this is no backup of an authority: look for the right file")
    head, body = sealed[:_HEAD], sealed[_HEAD:]
    cost = head[len(MAGIC)] if len(head) == _HEAD else 0
    if cost not in _COSTS:
        raise BackupRefused("the backup is damaged: use another copy")
    salt, nonce = head[-_SALT - _NONCE : -_NONCE], head[-_NONCE:]
    try:
        plain = AESGCM(_key(passphrase, salt, cost)).decrypt(nonce, body, head)
        return msgspec.json.decode(plain, type=Content)
    except (InvalidTag, msgspec.DecodeError) as error:
        raise BackupRefused(
            "not the backup's passphrase, or the file is damaged: try again, or another copy"
        ) from error


def read(path: Path) -> bytes:
    """Raises BackupRefused, OSError."""
    if path.stat().st_size > MOST_BYTES:
        raise BackupRefused("this is far too large for a backup of an authority")
    return path.read_bytes()


def _key(passphrase: bytes, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1).derive(passphrase)
