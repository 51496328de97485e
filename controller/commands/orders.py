"""Orders as they are signed: everything open for one kiosk, bound to its present connection.

Owns the office's signature, also of what releases a kiosk shall have, and how much fits into one
message. Decides nothing about who is told
what, and reads no database.
"""

import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from controller.commands.plan import Kiosk
from controller.dispatch import Outgoing
from wire import topics
from wire.codec import encode
from wire.envelope import Batch, Envelope, canonical, key_id, orders_message, text_of
from wire.messages import Desired, NewPolicy, Orders
from wire.policy import SignedPolicy
from wire.wants import Want, Wants, wants_message

MOST_BYTES: Final = 48_000  # of the envelopes, as they travel: quoted, and quoted again


class UnusableKey(ValueError):  # noqa: N818 - says what it is
    """The file holds no key for commands. The administrator must act."""


class Signer:
    """The office's key for commands. `id` is its name in policies."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.id = key_id(key.public_key().public_bytes_raw())

    def orders(self, fleet: str, kiosk: Kiosk, envelopes: Iterable[Envelope], now: int) -> Outgoing:
        """What this kiosk is told at `now`, by the office's clock."""
        batch = Batch(
            fleet=fleet, kiosk=kiosk.name, nonce=kiosk.nonce, now=now, open=tuple(envelopes)
        )
        signed = canonical(batch)
        signature = text_of(self._key.sign(orders_message(signed)))
        message = Orders(signed=signed, key=self.id, signature=signature)
        topic = topics.down(kiosk.name, "orders")
        return Outgoing(kiosk.partition, topic, encode(message), 1)

    def desired(
        self, fleet: str, kiosk: Kiosk, wants: Iterable[Want], now: int, url: str = ""
    ) -> Outgoing:
        """What this kiosk shall have. `url`: where releases are, empty for the office's door."""
        said = Wants(
            fleet=fleet, kiosk=kiosk.name, nonce=kiosk.nonce, now=now, url=url, wants=tuple(wants)
        )
        signed = canonical(said)
        signature = text_of(self._key.sign(wants_message(signed)))
        message = Desired(signed=signed, key=self.id, signature=signature)
        return Outgoing(kiosk.partition, topics.down(kiosk.name, "desired"), encode(message), 1)


def signer_of(path: Path) -> Signer:
    """Raises UnusableKey."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o027:
            raise UnusableKey(f"others may read or change {path}: chmod 600 it")
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise UnusableKey(f"the key for commands cannot be used: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey(f"{path} holds another kind of key: `anjungan policy init` makes one")
    return Signer(key)


def new_policy(kiosk: Kiosk, signed: SignedPolicy) -> Outgoing:
    message = NewPolicy(policy=signed.policy, signatures=signed.signatures)
    return Outgoing(kiosk.partition, topics.down(kiosk.name, "policy"), encode(message), 1)


def size(envelope: Envelope) -> int:
    """Bytes of a message that this envelope takes."""
    return len(msgspec.json.encode(canonical(envelope)))
