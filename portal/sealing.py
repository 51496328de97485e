"""Sealing: what a citizen wrote, to a key that no kiosk can open.

HPKE (X25519, HKDF-SHA256, AES-256-GCM) of wire/submission.py's padded text, bound to its head.
Owns the choice of the key. Keeps nothing, not even the text it was given.
"""

import base64
from collections.abc import Iterable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from wire.submission import Content, Head, SealKey, canonical, info, pad

SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def newest(keys: Iterable[SealKey], now: int, *, sure: bool) -> SealKey | None:
    """The key to seal to: the newest that is in its time. None when there is none.

    A clock that is not believed (`sure` false) turns no citizen away: then it is the newest that
    has come by that clock, or the first one of all.
    """
    every = sorted(keys, key=lambda key: (key.since, key.id))
    come = [key for key in every if key.since <= now]
    if sure:
        return next((key for key in reversed(come) if now < key.until), None)
    return next(iter(come[-1:] or every), None)


def seal(content: Content, head: Head, key: SealKey) -> bytes:
    """`head` may lack the hash of what comes out: sealing is not bound to that."""
    public = X25519PublicKey.from_public_bytes(base64.b64decode(key.public))
    return SUITE.encrypt(pad(canonical(content)), public, info(head))
